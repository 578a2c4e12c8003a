"""Steps that concern the visitor alone: status, website, stars, and whom they follow."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gitlab.data import ME, users
from agentjit.sites.gitlab.state import Account, Status, need_project, put_project

#: Emoji that a status can have: the site's name for each, and the sign.
EMOJI: Final = {
    "speech_balloon": "💬",
    "palm_tree": "🌴",
    "coffee": "☕",
    "badminton": "🏸",
    "thermometer_face": "🤒",
    "house": "🏠",
    "car": "🚗",
    "tada": "🎉",
    "no_entry": "⛔",
    "bread": "🍞",
}
_URL: Final = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(/\S*)?")


def set_status(account: Account, emoji: str, message: str, *, busy: bool) -> Account:
    """Say something beside one's name; nothing at all clears it."""
    if emoji and emoji not in EMOJI:
        raise RefusedError("Emoji is not a valid emoji name")
    if len(message) > 100:
        raise RefusedError("Message is too long (maximum is 100 characters)")
    return replace(account, status=Status(emoji=emoji, message=message, busy=busy))


def set_website(account: Account, url: str) -> Account:
    """One's homepage; without a scheme it gets one."""
    if url and not _URL.fullmatch(url):
        raise RefusedError("Website url is not a valid URL")
    if url and "://" not in url:
        url = f"http://{url}"
    return replace(account, website=url)


def toggle_star(account: Account, path: str) -> Account:
    """Star a project, or take the star away."""
    project = need_project(account, path)
    off = project.path in account.starred
    starred = account.starred ^ {project.path}
    stars = project.stars + (-1 if off else 1)
    return put_project(replace(account, starred=starred), replace(project, stars=stars))


def follow(account: Account, username: str, *, on: bool) -> Account:
    """Follow somebody, or no longer."""
    if username not in users() or username == ME:
        raise RefusedError("That user cannot be followed")
    rest = account.following - {username}
    return replace(account, following=rest | {username} if on else rest)
