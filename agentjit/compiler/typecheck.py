"""Type checking of a plan against its toolset's stubs, by ty inside Monty."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final

from pydantic_monty import Monty, MontyRuntimeError, MontySyntaxError, MontyTypingError

from agentjit.compiler.messages import TypeMismatch
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source, Span
from agentjit.toolspecs.stubs import render_stubs
from agentjit.toolspecs.toolset import Toolset

_AI_EVAL_STUB: Final = """
from collections.abc import Callable, Iterable, Iterator
from typing import overload, TypeVar, Literal as Literal
_T = TypeVar("_T")
_R = TypeVar("_R")
def map(function: Callable[..., _R], *values: Iterable[Any]) -> Iterator[_R]: ...
def filter(function: Callable[[_T], object] | None, values: Iterable[_T]) -> Iterator[_T]: ...
@overload
def ai_eval(question: str, *, returns: type[_T], **values: object) -> _T: ...
@overload
def ai_eval(question: str, *, returns: object, **values: object) -> Any: ...
@overload
def ai_eval(question: str, **values: object) -> str: ...
"""

#: The plan is wrapped into a function, so that checking it does not run it.
_INDENT: Final = "    "

#: Rules of ty that speak of style rather than of a plan that would fail.
_IGNORED: Final = frozenset(
    {
        "possibly-unresolved-reference",
        "redundant-cast",
        "redundant-condition",
        "unused-ignore-comment",
        "unused-type-ignore-comment",
    }
)


#: Comments by which a plan could switch its own checks off.
_SUPPRESSION: Final = re.compile(r"#\s*(type|ty|pyright|mypy)\s*:\s*ignore")
_PAGES: Final = re.compile(r"^[ \t\f]*\f")


@lru_cache(maxsize=1)
def _pool() -> Monty:
    """One pool of workers for the process; a worker starts in some 20 ms and then stays warm."""
    return Monty().__enter__()


def check_types(source: Source, toolset: Toolset) -> list[Diagnostic]:
    """What ty has to say against the plan. The plan must parse."""
    text = _SUPPRESSION.sub(lambda found: "#" + " " * (len(found[0]) - 1), source.text)
    # To Python, indentation starts anew after a form feed.
    lines = [_INDENT + _PAGES.sub("", line) for line in Source(source.name, text).lines()]
    wrapped = "\n".join(["def _plan():", *lines, f"{_INDENT}pass", ""])
    stubs = render_stubs(toolset) + _AI_EVAL_STUB
    with _pool().checkout(
        type_check=True, type_check_stubs=stubs, type_check_format="json"
    ) as session:
        try:
            session.feed_run(wrapped)
        except MontyTypingError as error:
            found = json.loads(error.display())
            return [_diagnostic(entry) for entry in found if entry["code"] not in _IGNORED]
        except (MontySyntaxError, MontyRuntimeError) as error:
            # Python takes it, the sandbox does not: say so before anything has been done.
            return [TypeMismatch(problem=str(error), rule="sandbox", span=source.whole())]
    return []


def _diagnostic(entry: dict[str, Any]) -> Diagnostic:
    start, end = entry["location"], entry["end_location"]
    shift = len(_INDENT)
    span = Span(
        max(1, start["row"] - 1),
        max(1, start["column"] - shift),
        max(1, end["row"] - 1),
        max(2, end["column"] - shift),
    )
    fix = entry.get("fix") or {}
    advice = fix.get("message", "")
    return TypeMismatch(problem=entry["message"], rule=entry["code"], span=span, advice=advice)
