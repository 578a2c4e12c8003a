"""What the site shows, as it is written in `data/`: loaded once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from agentjit.sites.gitlab.model import Group, User

#: Who the visitor is.
ME: Final = "byteblaze"


@cache
def load(name: str) -> dict[str, Any]:
    """One of the site's data files."""
    path = files("agentjit.sites.gitlab") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@cache
def users() -> dict[str, User]:
    """Everybody with an account, by username."""
    data = load("people")
    bios: list[str] = data["bios"]
    found = {}
    for index, (number, username, name, location) in enumerate(data["people"]):
        bio = bios[index % len(bios)] if index % 3 == 0 and username != "ghost" else ""
        found[username] = User(
            id=number,
            username=username,
            name=name,
            location=location,
            bio=bio,
            followers=number * 7 % 23,
        )
    return found


@cache
def groups() -> tuple[Group, ...]:
    """The groups that there are at first."""
    return tuple(
        Group(id=number, path=path, name=name, description=description)
        for number, path, name, description in load("groups")["groups"]
    )


@cache
def licenses() -> dict[str, tuple[str, str]]:
    """Licence templates: key -> name and text."""
    return {each["key"]: (each["name"], each["text"]) for each in load("licenses")["license"]}


def fill_license(key: str, year: int, name: str) -> str:
    """A licence's text for whoever grants it; KeyError where there is no such template."""
    return licenses()[key][1].replace("[year]", str(year)).replace("[fullname]", name)


def user_by_id(number: int) -> User | None:
    """Whose number it is."""
    return next((user for user in users().values() if user.id == number), None)


def search_users(words: str) -> list[User]:
    """Everybody whose name or username has the words, usernames that begin with them first."""
    wanted = words.casefold().strip()
    found = [
        user
        for user in users().values()
        if wanted in user.username.casefold() or wanted in user.name.casefold()
    ]
    return sorted(
        found, key=lambda user: (not user.username.casefold().startswith(wanted), user.id)
    )
