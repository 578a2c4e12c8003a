"""HTML and SVG out of nested calls. Whatever is not markup already is escaped: no way around."""

from __future__ import annotations

import html
from typing import Any, Final, TypeAlias

#: Elements that have no end.
_VOID: Final = frozenset({"meta", "br", "hr", "wbr"})


class Markup(str):
    """Text that is HTML. Only `element` and `join` make it, and the report's own style sheet."""

    __slots__ = ()


#: What may stand in an element: text is escaped, None is nothing.
Content: TypeAlias = "Markup | str | int | float | None"


def element(name: str, /, *content: Content, **attributes: str | float | bool | None) -> Markup:
    """An element. `class_` stands for class, `stroke_width` for stroke-width; None leaves out."""
    head = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{head}>")
    return Markup(f"<{head}>{join(*content)}</{name}>")


def join(*content: Content) -> Markup:
    """Pieces one after the other."""
    return Markup("".join(_escape(each) for each in content if each is not None))


def visible(text: str) -> str:
    """The text without what hides in it: control characters and marks of direction are spelt."""
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)


def _escape(content: Any) -> str:
    if isinstance(content, Markup):
        return content
    return html.escape(visible(str(content)), quote=True)


def _attribute(key: str, value: str | float | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    name = {"viewbox": "viewBox"}.get(name, name)
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{_escape(value)}"'
