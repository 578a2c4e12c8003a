"""What every diagnostic promises: it can be shown, as text and as JSON, and stands in the text."""

from __future__ import annotations

import json
from collections.abc import Sequence

from agentjit.diagnostics import Diagnostic, render, render_all
from agentjit.source import Source


def show_all(diagnostics: Sequence[Diagnostic], source: Source) -> None:
    """Show them in every form. AssertionError where one stands outside of its text."""
    assert diagnostics, "refused without a reason"
    for diagnostic in diagnostics:
        json.dumps(diagnostic.to_json())
        render(diagnostic)
        lines = (diagnostic.source or source).lines()
        for span in (diagnostic.span, *(note.span for note in diagnostic.notes)):
            if span is not None:
                assert 1 <= span.line <= len(lines), f"no line {span.line}: {diagnostic.message}"
                assert span.column >= 1, f"no column {span.column}: {diagnostic.message}"
                assert (span.line, span.column) <= (span.end_line, span.end_column), "it ends first"
    assert render_all(diagnostics, source)
