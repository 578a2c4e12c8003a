"""What a model may do in one step: a closed list of actions, and how each is written.

    {"click": "e5"}                            {"read": "e12"}
    {"type": "e7", "text": "…", "enter": true} {"more": true}
    {"select": "e8", "option": "…"}            {"call": "tool", "with": {…}}
    {"press": "Escape"}                        {"done": "the answer"}
    {"scroll": "down"}                         {"give_up": "why"}
    {"goto": "/path"}

An answer is one of them, or several in a list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Click:
    """Click an element."""

    ref: str


@dataclass(frozen=True, slots=True)
class Type:
    """Fill a field in place of what is there; `enter` presses Enter after it."""

    ref: str
    text: str
    enter: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """Choose an option of a list, by its label or its value."""

    ref: str
    option: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key, on an element or where the focus is."""

    key: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Scroll:
    """Scroll by most of a screen, "up" or "down", or to an element."""

    to: str


@dataclass(frozen=True, slots=True)
class Goto:
    """Go to an address of the site."""

    url: str


@dataclass(frozen=True, slots=True)
class Read:
    """Be shown all that is in an element."""

    ref: str


@dataclass(frozen=True, slots=True)
class More:
    """Be shown the next part of a page that was cut."""


@dataclass(frozen=True, slots=True)
class Use:
    """Call a tool of the site."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """The goal is reached; its answer, where it asked for one."""

    answer: Any = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The goal cannot be reached."""

    reason: str = ""


Action: TypeAlias = (
    Click | Type | Select | Press | Scroll | Goto | Read | More | Use | Done | GiveUp
)


def show_action(action: Action) -> str:
    """As the model writes it."""
    return json.dumps(_plain(action), ensure_ascii=False)


def _plain(action: Action) -> dict[str, Any]:
    plain: dict[str, Any]
    match action:
        case Click(ref):
            plain = {"click": ref}
        case Type(ref, text, enter):
            plain = {"type": ref, "text": text} | ({"enter": True} if enter else {})
        case Select(ref, option):
            plain = {"select": ref, "option": option}
        case Press(key, ref):
            plain = {"press": key} | ({"on": ref} if ref else {})
        case Scroll(to):
            plain = {"scroll": to}
        case Goto(url):
            plain = {"goto": url}
        case Read(ref):
            plain = {"read": ref}
        case More():
            plain = {"more": True}
        case Use(tool, arguments):
            plain = {"call": tool, "with": dict(arguments)}
        case Done(answer):
            plain = {"done": answer}
        case GiveUp(reason):
            plain = {"give_up": reason}
    return plain
