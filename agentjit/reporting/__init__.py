"""The report of a run: one HTML file made of what stands in the run's folder, and nothing else."""

from __future__ import annotations

from pathlib import Path

from agentjit.errors import UsageError
from agentjit.reporting.page import render_report
from agentjit.reporting.record import RunRecord, read_record
from agentjit.runtime.runfolder import REPORT

__all__ = ["REPORT", "RunRecord", "read_record", "render_report", "write_report"]


def write_report(folder: Path, target: Path | None = None) -> Path:
    """Write the report of a run's folder, there or elsewhere; gives where. Raises UsageError."""
    text = render_report(read_record(folder))
    path = target or folder / REPORT
    partial = path.with_name(f".{path.name}.partial")
    try:
        # Half a surrogate pair, which a page may have sent, is no Unicode: it is spelt out.
        partial.write_text(text, encoding="utf-8", errors="backslashreplace")
        partial.replace(path)
    except OSError as error:
        raise UsageError(
            f"the report cannot be written to {path}: {error.strerror}",
            "choose another place with --output",
        ) from error
    return path
