"""One folder a run: the plan, the events as they happen, the result at the end."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from agentjit.errors import RunError, UsageError
from agentjit.ports import RunEvent
from agentjit.runtime.secrets import Secrets

#: What a run's report is called in its folder.
REPORT: Final = "report.html"


class RunFolder:
    """Writes a run's artefacts. Every event is in the file when `record` returns."""

    def __init__(self, path: Path, secrets: Secrets | None = None) -> None:
        self.path = path
        self._secrets = secrets or Secrets()
        # Line buffered: a crash loses no finished line. What is no Unicode (half of a surrogate
        # pair, from a command line or a page) is escaped, and its escape is JSON as well.
        self._events = (path / "events.jsonl").open(
            "a", buffering=1, encoding="utf-8", errors="backslashreplace"
        )

    def record(self, event: RunEvent) -> None:
        """Append the event; one that a commit hangs on is forced to the disk. Raises RunError."""
        entry = {"at": round(event.at, 4), "kind": event.kind, **event.data}
        try:
            self._events.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")
            if event.kind.startswith("commit-"):
                self._events.flush()
                os.fsync(self._events.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def write(self, name: str, content: str | Mapping[str, Any]) -> Path:
        """Write one artefact, JSON where the content is not text. Raises RunError."""
        hidden = self._secrets.hide_in(content)
        text = hidden if isinstance(hidden, str) else _pretty(hidden)
        target = self.path / name
        # Written beside and moved: a reader never sees half a file.
        partial = target.with_name(f".{name}.partial")
        try:
            partial.write_text(text, encoding="utf-8", errors="backslashreplace")
            partial.replace(target)
        except OSError as error:
            raise _unwritable(self.path, error) from error
        return target

    def close(self) -> None:
        """No more events."""
        self._events.close()


def new_run_folder(root: Path, secrets: Secrets | None = None) -> RunFolder:
    """A new folder under `root`, named by the time, so that names sort. Raises UsageError."""
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{token_hex(3)}"
    path = root / name
    try:
        path.mkdir(parents=True, mode=0o700)
        return RunFolder(path, secrets)
    except OSError as error:
        raise UsageError(
            f"cannot write run folders in {root}: {error.strerror}",
            "choose another place with --runs-dir",
        ) from error


def _unwritable(path: Path, error: OSError) -> RunError:
    return RunError(
        f"the run's record cannot be written in {path}: {error.strerror}",
        "make room there, or choose another place with --runs-dir",
    )


def _pretty(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
