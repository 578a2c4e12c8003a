"""Any JSON value as HTML: a text, a list of names and values, or a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from agentjit.reporting.markup import Markup, element, join
from agentjit.reporting.words import inline

#: Entries of a list that are shown; the rest is in the run's folder.
MOST: Final = 50
#: Beyond this depth a value stands on one line.
_DEEPEST: Final = 3


def render_value(value: Any, depth: int = 0) -> Markup:
    """The value, whatever it is."""
    if depth < _DEEPEST:
        if isinstance(value, Mapping) and value:
            return _fields(value, depth)
        if isinstance(value, list) and any(isinstance(v, Mapping | list) for v in value):
            return _rows(value, depth)
    return element("span", inline(value), class_="value")


def facts(rows: Sequence[tuple[str, Markup | str | None]]) -> Markup:
    """Names and what they are, a line each; what is None or empty is left out."""
    pairs = [
        join(element("dt", name), element("dd", told))
        for name, told in rows
        if told not in {None, ""}
    ]
    return element("dl", *pairs) if pairs else join()


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], *, numbers: str = "") -> Markup:
    """A table; `numbers` has an `n` for each column of numbers, which stand at the right."""
    kinds = ["n" if kind == "n" else None for kind in numbers.ljust(len(head))]
    top = element(
        "tr", *(element("th", h, scope="col", class_=k) for h, k in zip(head, kinds, strict=True))
    )
    body = [
        element("tr", *(element("td", c, class_=k) for c, k in zip(row, kinds, strict=True)))
        for row in rows
    ]
    inner = element("table", element("thead", top), element("tbody", *body))
    return element("div", inner, class_="scroll", tabindex="0")


def _fields(value: Mapping[str, Any], depth: int) -> Markup:
    return facts([(str(name), render_value(each, depth + 1)) for name, each in value.items()])


def _rows(values: Sequence[Any], depth: int) -> Markup:
    shown, left = values[:MOST], len(values) - MOST
    more = (
        element("p", f"… and {left} more in the run's folder", class_="note") if left > 0 else None
    )
    if all(isinstance(each, Mapping) for each in shown):
        names = list(dict.fromkeys(str(name) for each in shown for name in each))
        rows = [[render_value(each.get(name), depth + 2) for name in names] for each in shown]
        return join(table(names, rows), more)
    if all(isinstance(each, list) for each in shown):
        width = max(len(each) for each in shown)
        cells = [[*map(inline, each), *[""] * (width - len(each))] for each in shown]
        body = [element("tr", *(element("td", cell) for cell in row)) for row in cells]
        inner = element("table", element("tbody", *body))
        return join(element("div", inner, class_="scroll", tabindex="0"), more)
    return join(element("ul", *(element("li", render_value(v, depth + 1)) for v in shown)), more)
