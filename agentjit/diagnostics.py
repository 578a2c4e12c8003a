"""Diagnostics: what is wrong with a text, as data; and their two renderings, text and JSON.

A diagnostic is a frozen dataclass. Its wording lives in class-level templates that are filled from
its own fields, so that tests and repair prompts read data and never parse prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, ClassVar, Final

from agentjit.source import Source, Span

#: Source lines shown above the line that a label points at.
CONTEXT_LINES: Final = 1


class Severity(Enum):
    """How bad it is. Only an error stops a plan or a toolset."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Note:
    """One more thing worth saying, at another place of the source or at none."""

    text: str
    span: Span | None = None


#: Every diagnostic by its code, filled as the classes are defined; `agentjit explain` reads it.
CATALOGUE: dict[str, type[Diagnostic]] = {}


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """The base of all; subclasses set `code`, `title`, `label`, `hint` and `explanation`."""

    code: ClassVar[str]
    #: One line: what is wrong. A `str.format` template over the fields.
    title: ClassVar[str]
    #: What the caret line says. Empty: the caret alone.
    label: ClassVar[str] = ""
    #: What to do about it, where the class knows; `advice` may say it better for one case.
    hint: ClassVar[str] = ""
    #: The long text of `agentjit explain CODE`.
    explanation: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR

    span: Span | None = None
    notes: tuple[Note, ...] = ()
    #: A hint made for this very case; it stands in place of the class's own.
    advice: str = ""
    #: The text that the span is of, where it is another one than the reader has at hand.
    source: Source | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        code = cls.__dict__.get("code")
        if code is None:
            return
        known = CATALOGUE.setdefault(code, cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            raise TypeError(f"two diagnostics share the code {code!r}: {known} and {cls}")
        # dataclass(slots=True) would make the class twice; the later one is the real one.
        CATALOGUE[code] = cls

    def _fill(self, template: str) -> str:
        return template.format(**{f.name: getattr(self, f.name) for f in fields(self)})

    @property
    def message(self) -> str:
        """The title, filled in."""
        return self._fill(self.title)

    @property
    def caret(self) -> str:
        """The label beside the caret, filled in."""
        return self._fill(self.label)

    @property
    def remedy(self) -> str:
        """The hint, filled in; empty where there is none."""
        return self.advice or self._fill(self.hint)

    def to_json(self) -> dict[str, Any]:
        """The diagnostic as JSON data, with stable keys."""
        own = {f.name: _jsonable(getattr(self, f.name)) for f in fields(self)}
        for key in ("span", "notes", "advice", "source"):
            own.pop(key)
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "label": self.caret,
            "hint": self.remedy,
            "source": self.source.name if self.source else None,
            "span": _jsonable(self.span),
            "notes": [{"text": n.text, "span": _jsonable(n.span)} for n in self.notes],
            "data": own,
        }


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by where they stand in the text; what stands nowhere comes first."""
    return sorted(diagnostics, key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0))


def render(diagnostic: Diagnostic, source: Source | None = None) -> str:
    """The diagnostic as text for a terminal, with the lines that it points at."""
    out = [f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}"]
    source = diagnostic.source or source
    if source is not None and diagnostic.span is not None:
        out += _snippet(source, diagnostic.span, diagnostic.caret)
    elif diagnostic.caret:
        out.append(f"  = {diagnostic.caret}")
    for note in diagnostic.notes:
        out.append(f"  note: {note.text}")
        if source is not None and note.span is not None:
            out += _snippet(source, note.span, "", context=0)
    if diagnostic.remedy:
        first, *rest = diagnostic.remedy.split("\n")
        out.append(f"  hint: {first}")
        out += [f"        {line}" for line in rest]
    return "\n".join(out)


def render_all(diagnostics: Iterable[Diagnostic], source: Source | None = None) -> str:
    """All of them, a blank line between two."""
    return "\n\n".join(render(d, source) for d in diagnostics)


def _snippet(source: Source, span: Span, caret: str, context: int = CONTEXT_LINES) -> list[str]:
    width = len(str(span.line))
    gutter = " " * width
    out = [f"{gutter}--> {source.name}:{span}"]
    out += [
        f"{number:>{width}} | {source.line(number)}".rstrip()
        for number in range(max(1, span.line - context), span.line + 1)
    ]
    text = source.line(span.line)
    end = span.end_column if span.end_line == span.line else len(text) + 1
    marks = "^" * max(1, end - span.column)
    # Tabs are kept so that the carets stand under what they mean.
    before = text[: span.column - 1]
    pad = re.sub(r"[^\t]", " ", before).ljust(span.column - 1)
    out.append(f"{gutter} | {pad}{marks} {caret}".rstrip())
    return out


def _jsonable(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Span():
            return {
                "line": value.line,
                "column": value.column,
                "end_line": value.end_line,
                "end_column": value.end_column,
            }
        case Note():
            return {"text": value.text, "span": _jsonable(value.span)}
        case tuple() | list():
            return [_jsonable(v) for v in value]
        case set() | frozenset():
            return sorted(_jsonable(v) for v in value)
        case _:
            return str(value)
