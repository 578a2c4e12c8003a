"""Type checking of a plan against its toolset's stubs, by ty inside Monty."""

from __future__ import annotations

import atexit
import json
import re
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import Any, Final

from pydantic_monty import (
    Monty,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySession,
    MontySyntaxError,
    MontyTypingError,
)

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


#: What a checked plan ends with: a snippet that fails at run time is not kept by the session, so
#: that every plan is checked in the same fresh context.
_CHECKED: Final = "checked"

#: Seconds that checking one plan may take; it takes milliseconds. Types that nest in one another
#: over many lines can take ty for ever.
TIMEOUT: Final = 5.0

#: Seconds until a worker has started, on a machine that is busy.
START_TIMEOUT: Final = 30.0

#: Sessions that are kept: one for each toolset in use.
_KEPT: Final = 4


class _Sessions:
    """Warm type checkers, one for each text of stubs. The first check of one takes some 30 ms."""

    def __init__(self) -> None:
        self._pool: Monty | None = None
        self._known: OrderedDict[str, MontySession] = OrderedDict()
        self._lock = threading.Lock()

    def feed(self, stubs: str, code: str) -> None:
        """Check the code, and run it where nothing is wrong; raises what Monty raises."""
        with self._lock:
            session = self._known.pop(stubs, None) or self._open(stubs)
            try:
                session.feed_run(code)
            except MontyCrashedError:
                # Its worker is gone; the next check opens another.
                session.__exit__(None, None, None)
                raise
            except MontyError:
                self._keep(stubs, session)
                raise
            self._keep(stubs, session)

    def _keep(self, stubs: str, session: MontySession) -> None:
        self._known[stubs] = session
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)[1].__exit__(None, None, None)

    def _open(self, stubs: str) -> MontySession:
        if self._pool is None:
            # A session more than are kept: the oldest ends after the newest has begun.
            self._pool = Monty(
                max_processes=_KEPT + 1, checkout_timeout=START_TIMEOUT, request_timeout=TIMEOUT
            ).__enter__()
            atexit.register(self.close)
        return self._pool.checkout(
            type_check=True, type_check_stubs=stubs, type_check_format="json"
        ).__enter__()

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            while self._known:
                self._known.popitem()[1].__exit__(None, None, None)
            if self._pool is not None:
                self._pool.__exit__(None, None, None)
                self._pool = None


_SESSIONS: Final = _Sessions()


def check_types(source: Source, toolset: Toolset) -> list[Diagnostic]:
    """What ty has to say against the plan. The plan must parse."""
    text = _SUPPRESSION.sub(lambda found: "#" + " " * (len(found[0]) - 1), source.text)
    # To Python, indentation starts anew after a form feed.
    lines = [_INDENT + _PAGES.sub("", line) for line in Source(source.name, text).lines()]
    end = f"raise ValueError({_CHECKED!r})"
    wrapped = "\n".join(["def _plan():", *lines, f"{_INDENT}pass", end, ""])
    try:
        _SESSIONS.feed(_stubs(toolset), wrapped)
    except MontyTypingError as error:
        found = json.loads(error.display())
        return [_diagnostic(entry) for entry in found if _counts(entry)]
    except MontyCrashedError as error:
        problem = f"the type checker gave up: {error}"
        advice = "its types are too involved: put less into one another, or make it shorter"
        return [TypeMismatch(problem=problem, rule="checker", span=source.whole(), advice=advice)]
    except (MontySyntaxError, MontyRuntimeError) as error:
        if isinstance(error, MontyRuntimeError) and error.display("msg") == _CHECKED:
            return []
        # Python takes it, the sandbox does not: say so before anything has been done.
        return [TypeMismatch(problem=str(error), rule="sandbox", span=source.whole())]
    return []


@lru_cache(maxsize=_KEPT)
def _stubs(toolset: Toolset) -> str:
    return render_stubs(toolset) + _AI_EVAL_STUB


def _counts(entry: dict[str, Any]) -> bool:
    """Whether a finding stops a plan.

    A dict display with values of several types is inferred to hold any of them everywhere; that one
    of them would not fit is no error, for the runtime validates what is passed. None is another
    matter: a value that may be missing is the mistake that this check is for.
    """
    if entry["code"] in _IGNORED:
        return False
    match entry["code"]:
        case "invalid-argument-type":
            given = re.findall(r"found `([^`]*)`", entry["message"])
        case "unsupported-operator":
            given = re.findall(r"`([^`]*)`", entry["message"])
        case _:
            return True
    unions = [members for kind in given if len(members := _members(kind)) > 1]
    return not unions or any("None" in members for members in unions)


def _members(kind: str) -> list[str]:
    """The types of a union as ty writes it; what is in brackets is one type's own."""
    depth, members = 0, [""]
    for part in re.split(r"(\[|\]|\(|\)| \| )", kind):
        depth += (part in "[(") - (part in ")]") if part else 0
        if part == " | " and depth == 0:
            members.append("")
        else:
            members[-1] += part
    return members


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
