"""Source text and spans: where a thing stands in the text that a person or a model wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source, from `line:column` up to, not including, `end_line:end_column`.

    Lines and columns count from 1, columns in characters (not bytes).
    """

    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span."""
        start, end = (self.line, self.column), (self.end_line, self.end_column)
        return start <= (other.line, other.column) and (other.end_line, other.end_column) <= end


@dataclass(frozen=True, slots=True)
class Source:
    """A named text: a plan, a contract, a grammar."""

    name: str
    text: str

    def lines(self) -> list[str]:
        """The text's lines, without their ends, cut as Python's own tokenizer cuts them."""
        return list(_split(self.text))

    def line(self, number: int) -> str:
        """Line `number`, counted from 1; empty past the end."""
        lines = _split(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def span_at(self, offset: int, end: int | None = None) -> Span:
        """The span from one character offset to another (by default one character long)."""
        end = min(len(self.text), offset + 1) if end is None else end
        line, column = self._position(offset)
        end_line, end_column = self._position(max(end, offset))
        return Span(line, column, end_line, end_column)

    def cut(self, span: Span) -> str:
        """The text under a span."""
        lines = list(_split(self.text)[span.line - 1 : span.end_line])
        if not lines:
            return ""
        lines[-1] = lines[-1][: span.end_column - 1]
        lines[0] = lines[0][span.column - 1 :]
        return "\n".join(lines)

    def whole(self) -> Span:
        """The span of the whole text."""
        return self.span_at(0, len(self.text))

    def _position(self, offset: int) -> tuple[int, int]:
        # A "\r\n" that the offset cuts in two ends no line yet.
        cut = self.text[offset - 1 : offset + 1] == "\r\n"
        lines = Source(self.name, self.text[: offset - cut]).lines()
        return len(lines), len(lines[-1]) + 1


@lru_cache(maxsize=64)
def _split(text: str) -> tuple[str, ...]:
    # Every node of a plan asks for its line, so the text is cut up only once.
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
