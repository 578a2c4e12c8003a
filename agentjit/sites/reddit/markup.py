"""From what people type to HTML: paragraphs, bold, italics, and links; everything else is text."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_LINK: Final = re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+|/[^\s)]*)\)")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")
_ITALIC: Final = re.compile(r"\*(.+?)\*")


def render_markup(text: str) -> Markup:
    """The text as HTML; nothing that was typed is markup of its own."""
    paragraphs = [part.strip() for part in re.split(r"\n{2,}", text) if part.strip()]
    # What is in a paragraph has been escaped before its own few marks were made elements.
    return Markup("".join(f"<p>{_render(part)}</p>" for part in paragraphs))  # noqa: S704


def _render(part: str) -> str:
    safe = str(escape(part))
    safe = _LINK.sub(r'<a href="\2" rel="nofollow">\1</a>', safe)
    safe = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", safe))
    return safe.replace("\n", "<br>")
