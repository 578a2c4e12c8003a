"""Secrets as handles: `secret:NAME` stands for a value that only a tool's body ever sees.

A plan, a prompt, an event, a journal and an approval hold the handle. The value takes its place
when the body is called, and the handle the value's when anything comes back.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, quote_plus

from agentjit.errors import UsageError

#: A handle in a text.
HANDLE: Final = re.compile(r"\bsecret:([A-Za-z_][A-Za-z0-9_]*)")
#: A shorter value could not be told from what is on any page.
MIN_CHARS: Final = 3
#: A value up to so long is only one where no letter or digit stands beside it.
SHORT_CHARS: Final = 5
#: What a value in Base64 looks like depends on what stands before it; shorter ones prove nothing.
BASE64_CHARS: Final = 8

#: Finds a value by its name; None where it has none.
Find = Callable[[str], str | None]


class Handle(str):
    """An argument whose handles may be replaced: the plan wrote it, no page did."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of an engine: `find` looks one up, and what was found is hidden from then on."""

    find: Find = lambda _: None
    #: Values by name; those that are hidden although nobody has asked for them yet, as well.
    known: dict[str, str] = field(default_factory=dict)

    def require(self, names: Iterable[str]) -> None:
        """Look all of them up. Raises UsageError where one is not there."""
        for name in sorted(set(names)):
            if name in self.known:
                continue
            value = self.find(name)
            if value is None:
                raise UsageError(
                    f"there is no secret {name!r}",
                    f"set AGENTJIT_SECRET_{name}, or write {name}=… into a file and give it with "
                    "--secrets",
                )
            self.known[name] = check_value(name, value)

    def reveal(self, value: Any) -> Any:
        """The value with its handles replaced; only Handles have any."""
        match value:
            case Handle():
                return HANDLE.sub(lambda m: self.known.get(m[1], m[0]), value)
            case dict():
                return {key: self.reveal(inner) for key, inner in value.items()}
            case list():
                return [self.reveal(inner) for inner in value]
            case _:
                return value

    def hide(self, text: str) -> str:
        """The text with every value replaced by its handle, however it is written there."""
        for name, value in sorted(self.known.items(), key=lambda item: -len(item[1])):
            text = _pattern(value).sub(f"secret:{name}", text)
        return text

    def hide_in(self, value: Any) -> Any:
        """JSON data without values of secrets: keys, texts, and whole numbers that are one."""
        if not self.known:
            return value
        match value:
            case str():
                hidden = self.hide(value)
                return value if hidden == value else hidden
            case Mapping():
                return {self.hide_in(key): self.hide_in(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self.hide_in(inner) for inner in value]
            case int() if not isinstance(value, bool) and str(value) in self.known.values():
                return self.hide(str(value))
            case _:
                return value

    def hide_in_error(self, error: BaseException) -> None:
        """Hide values in an error's texts, and in those of what caused it, in place."""
        if not self.known:
            return
        seen = set[int]()
        each: BaseException | None = error
        while each is not None and id(each) not in seen:
            seen.add(id(each))
            each.args = tuple(self.hide(a) if isinstance(a, str) else a for a in each.args)
            # Playwright's have the same text, and a log of the call, in fields of their own.
            for name in ("message", "hint", "_message", "_stack"):
                text = getattr(each, name, None)
                if isinstance(text, str) and self.hide(text) != text:
                    setattr(
                        each,
                        name if name != "message" or _is_plain(each) else "_message",
                        self.hide(text),
                    )
            each = each.__cause__ or each.__context__


def _is_plain(error: BaseException) -> bool:
    """Whether `message` is a field and no property."""
    return not isinstance(getattr(type(error), "message", None), property)


def mark_handles(
    arguments: Mapping[str, Any], allowed: Collection[str], untrusted: Collection[str]
) -> dict[str, Any]:
    """A call's arguments with what may be replaced marked as Handles.

    `allowed` names the secrets that the task, or whoever gave the plan, speaks of; an argument that
    holds what a page or a model said is `untrusted`, and stays as it is: a page that writes
    `secret:NAME` gets these very letters.
    """
    return {
        name: value if name in untrusted else _mark(value, allowed)
        for name, value in arguments.items()
    }


def _mark(value: Any, allowed: Collection[str]) -> Any:
    match value:
        case str():
            names = handles_in(value)
            return Handle(value) if names and names <= set(allowed) else value
        case list():
            return [_mark(inner, allowed) for inner in value]
        case dict():
            return {key: _mark(inner, allowed) for key, inner in value.items()}
        case _:
            return value


def handles_in(*texts: str) -> frozenset[str]:
    """The names of all secrets that some texts speak of."""
    return frozenset(name for text in texts for name in HANDLE.findall(text))


def speaks_of_one(value: Any) -> bool:
    """Whether JSON data has the handle of a secret anywhere in it."""
    match value:
        case str():
            return HANDLE.search(value) is not None
        case Mapping():
            return any(speaks_of_one(each) for pair in value.items() for each in pair)
        case list() | tuple():
            return any(map(speaks_of_one, value))
        case _:
            return False


def check_value(name: str, value: str) -> str:
    """The value, if it can be kept secret. Raises UsageError."""
    if len(value) < MIN_CHARS:
        raise UsageError(
            f"the secret {name!r} has fewer than {MIN_CHARS} characters",
            "it could not be told from other text, so it would not stay secret",
        )
    return value


def _pattern(value: str) -> re.Pattern[str]:
    """All ways in which a value is written in text, JSON, HTML and addresses."""
    encoded = value.encode("utf-8", "surrogatepass")
    forms = {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        html.escape(value),
        html.escape(value, quote=False),
        quote(encoded, safe=""),
        quote(encoded),
        quote_plus(encoded),
        repr(value)[1:-1],
    }
    if len(value) >= BASE64_CHARS:
        forms.add(base64.b64encode(encoded).decode().rstrip("="))
        forms.add(base64.urlsafe_b64encode(encoded).decode().rstrip("="))
    found = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    if len(value) <= SHORT_CHARS:
        return re.compile(rf"(?<![0-9A-Za-z])(?:{found})(?![0-9A-Za-z])")
    # Chromium writes the hexadecimal digits of an address as they were given.
    return re.compile(found, re.IGNORECASE if "%" in found else 0)
