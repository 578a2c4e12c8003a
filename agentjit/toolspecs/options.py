"""What is wrong with the options of `@tool`, before anything reads them."""

from __future__ import annotations

import inspect
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.messages import BadOption

#: Characters of a value that a message repeats.
MAX_TOLD: Final = 60


def check_options(tool: str, options: Mapping[str, object]) -> Iterator[Diagnostic]:
    """A diagnostic for each option whose value is not of its kind."""
    for option, value in options.items():
        found = _complaint(option, value)
        if found:
            problem, advice = found
            yield BadOption(
                tool=tool, option=option, value=_show(value), problem=problem, advice=advice
            )


def check_predicates(
    tool: str, predicates: Mapping[str, object], params: Collection[str]
) -> Iterator[Diagnostic]:
    """A diagnostic for each predicate that cannot be called with the page and the arguments."""
    for option, predicate in predicates.items():
        if not callable(predicate):
            continue
        try:
            inspect.signature(predicate).bind(None, **dict.fromkeys(params))
        except TypeError:
            signature = ", ".join(("page", *params))
            yield BadOption(
                tool=tool,
                option=option,
                value=_show(predicate),
                problem="cannot be called with the tool's own arguments",
                advice=f"let it take ({signature}), or (page, **arguments)",
            )
        except ValueError:  # it has no signature to look at
            continue


def _complaint(option: str, value: object) -> tuple[str, str] | None:
    match option:
        case "effect" if not isinstance(value, Effect):
            return "is no Effect", "write Effect.READ, NAVIGATE, WRITE or COMMIT"
        case "requires" | "ensures" if not isinstance(value, str):
            return "is no text", f"write {option}=\"page == 'home'\""
        case "reads" | "writes" if value is not None and not _are_texts(value):
            one = value if isinstance(value, str) else "cart"
            return "is no set of names", f'write {option}={{"{one}"}}, or {option}=() for none'
        case "examples" if not isinstance(value, tuple | list) or not _are_texts(value):
            one = value if isinstance(value, str) else "open_shelf('Poetry')"
            return "is no tuple of texts", f'write examples=("{one}",)'
        case "timeout" if not _is_duration(value):
            return "is no number of seconds above 0", "write timeout=10.0"
        case "ready" | "done" if value is not None and not _is_predicate(value):
            return (
                "is no async function",
                f"write {option}=an async def of the page and the arguments",
            )
        case "verify" | "terms" if not isinstance(value, str | None):
            return "is no text", f'write {option}="the_name_of_a_read_tool"'
        case _:
            return None


def _show(value: object) -> str:
    """The value where it is short; else what it is."""
    name = getattr(value, "__name__", None)
    text = name if isinstance(name, str) else repr(value)
    return text if len(text) <= MAX_TOLD else f"a {type(value).__name__}"


def _are_texts(value: object) -> bool:
    # A text is a collection of texts too, and never meant as one.
    return (
        isinstance(value, Collection)
        and not isinstance(value, str)
        and all(isinstance(v, str) for v in value)
    )


def _is_duration(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value > 0
    )


def _is_predicate(value: object) -> bool:
    """A lambda may pass on what a call of Playwright gives to await; a plain def may not."""
    plain = inspect.isfunction(value) and value.__name__ != "<lambda>"
    return callable(value) and (not plain or inspect.iscoroutinefunction(value))
