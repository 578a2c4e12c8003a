"""From a model's answer, with its fences, prose and habits, to the actions that it means."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from agentjit.stepping.actions import (
    Action,
    Click,
    Done,
    GiveUp,
    Goto,
    More,
    Press,
    Read,
    Scroll,
    Select,
    Type,
    Use,
)
from agentjit.stepping.snapshot import REF

#: What models say instead.
_SYNONYMS: Final = {
    "fill": "type",
    "input": "type",
    "input_text": "type",
    "choose": "select",
    "select_option": "select",
    "key": "press",
    "navigate": "goto",
    "open": "goto",
    "tool": "call",
    "finish": "done",
    "answer": "done",
    "fail": "give_up",
    "giveup": "give_up",
}
#: Keys under which the verb may stand as a value.
_NAMING: Final = ("action", "do", "name", "verb", "type")
#: Keys under which what the verb is about may stand, if not under the verb itself.
_TARGETS: Final = ("ref", "element", "target", "url", "key", "to", "tool", "reason", "value")

_REF: Final = re.compile(rf"(?:\[?ref=)?({REF})\]?")
_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
#: Places of an answer at which JSON is looked for, and how many of them.
_OPENING: Final = re.compile(r"[\[{]")
_TRIES: Final = 200


class Unreadable(ValueError):
    """An answer, or a part of it, that is no action; the message is for the model."""


def read_actions(answer: str) -> tuple[Action, ...]:
    """The actions of an answer, in their order. Raises Unreadable where there is none, or a part
    of it is none: of an answer that is half understood nothing is done.
    """
    found = list(_records(_THOUGHT.sub("", answer)))
    if not found:
        raise Unreadable("there is no JSON object in the answer")
    return tuple(_read(record) for record in found)


def _records(text: str) -> Iterator[Mapping[str, Any]]:
    """Every JSON object in a text that stands for itself, with prose and fences around it."""
    decoder, place, tries = json.JSONDecoder(), 0, 0
    while (start := _OPENING.search(text, place)) and tries < _TRIES:
        tries += 1
        try:
            value, place = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            place = start.start() + 1
            continue
        yield from _objects(value)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        inner = value.get("actions")
        yield from [value] if not isinstance(inner, list) else _objects(inner)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict):
                yield from _objects(each)


def _read(record: Mapping[str, Any]) -> Action:
    given = {str(key).casefold(): value for key, value in record.items()}
    verb, target = _verb(given)
    if isinstance(target, Mapping) and verb not in ("done", "call"):
        given |= {str(key).casefold(): value for key, value in target.items()}
        target = None
    if target is None:
        target = next((given[key] for key in _TARGETS if key in given and key != verb), None)
    return _READERS[verb](target, given)


def _verb(given: Mapping[str, Any]) -> tuple[str, Any]:
    for key in _NAMING:
        named = given.get(key)
        verb = _as_verb(named) if isinstance(named, str) else None
        if verb is not None and not (key == "type" and "text" in given):
            return verb, None
    for key, value in given.items():
        if (verb := _as_verb(key)) is not None:
            return verb, value
    raise Unreadable(f"{json.dumps(given, ensure_ascii=False)[:120]} names no action")


def _as_verb(word: str) -> str | None:
    plain = word.casefold().replace("-", "_").replace(" ", "_")
    plain = _SYNONYMS.get(plain, plain)
    return plain if plain in _READERS else None


def _ref(verb: str, value: Any) -> str:
    found = _REF.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Unreadable(f'"{verb}" needs the ref of an element, such as "e5", not {value!r:.80}')
    return found[1]


def _text(verb: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f'"{verb}" needs a text, not {value!r:.80}')
    return value.strip()


def _type(target: Any, given: Mapping[str, Any]) -> Type:
    text = given.get("text", given.get("value"))
    if not isinstance(text, str | int | float):
        raise Unreadable('"type" needs a "text"')
    return Type(_ref("type", target), str(text), bool(given.get("enter", False)))


def _select(target: Any, given: Mapping[str, Any]) -> Select:
    option = given.get("option", given.get("value", given.get("text")))
    if not isinstance(option, str | int | float):
        raise Unreadable('"select" needs an "option"')
    return Select(_ref("select", target), str(option))


def _press(target: Any, given: Mapping[str, Any]) -> Press:
    on = given.get("on", given.get("ref"))
    return Press(_text("press", target), None if on is None else _ref("press", on))


def _scroll(target: Any, _: Mapping[str, Any]) -> Scroll:
    to = _text("scroll", target or "down").casefold()
    return Scroll(to if to in ("up", "down") else _ref("scroll", to))


def _call(target: Any, given: Mapping[str, Any]) -> Use:
    if isinstance(target, Mapping):
        given, target = target, target.get("tool", target.get("name"))
    named = ("with", "args", "arguments", "parameters")
    arguments: Any = next((given[key] for key in named if key in given), {})
    if not isinstance(arguments, Mapping):
        raise Unreadable('"call" needs its arguments by name: {"call": "tool", "with": {…}}')
    return Use(_text("call", target), {str(name): value for name, value in arguments.items()})


#: How what stands under a verb becomes an action.
_READERS: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], Action]]] = {
    "click": lambda target, _: Click(_ref("click", target)),
    "type": _type,
    "select": _select,
    "press": _press,
    "scroll": _scroll,
    "goto": lambda target, _: Goto(_text("goto", target)),
    "read": lambda target, _: Read(_ref("read", target)),
    "more": lambda _, __: More(),
    "call": _call,
    "done": lambda target, _: Done(None if target is True else target),
    "give_up": lambda target, _: GiveUp(target if isinstance(target, str) else ""),
}
