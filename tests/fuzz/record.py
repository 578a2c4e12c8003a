"""What a worker did, where its parent can read it even after the worker has died."""

from __future__ import annotations

import json
import mmap
import os
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from tests.fuzz.verdict import Finding, Trial

#: Bytes kept of the text that is being tried.
_ROOM: Final = 1 << 18
#: Seconds between two writings of the numbers.
_PERIOD: Final = 1.0


@dataclass(slots=True)
class Numbers:
    """The sums of one engine's work on one target."""

    executions: int = 0
    #: By the clock.
    seconds: float = 0.0
    #: Seconds of CPU of the slowest text, and its beginning.
    slowest: float = 0.0
    slowest_text: str = ""
    #: How often each finding was met.
    met: dict[str, int] = field(default_factory=dict)


class Record:
    """A folder with the numbers, the findings, and the text being tried."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._began = self._written = time.monotonic()
        self._numbers = Numbers()
        self._parent = os.getppid()
        with (folder / "current").open("w+b") as file:
            file.truncate(_ROOM)
            self._current = mmap.mmap(file.fileno(), _ROOM)

    def begin(self, text: str) -> None:
        """A text is about to be tried."""
        data = text.encode("utf-8", "surrogatepass")[: _ROOM - 8]
        self._current[:8] = len(data).to_bytes(8, "little")
        self._current[8 : 8 + len(data)] = data

    def end(self, text: str, trial: Trial) -> None:
        """It has been tried."""
        self._current[:8] = bytes(8)
        numbers = self._numbers
        numbers.executions += 1
        if trial.seconds > numbers.slowest:
            numbers.slowest, numbers.slowest_text = trial.seconds, text[:2_000]
        if trial.finding is not None:
            self._keep(trial.finding)
        if time.monotonic() - self._written > _PERIOD:
            self.write()

    def _keep(self, finding: Finding) -> None:
        met = self._numbers.met
        met[finding.key] = met.get(finding.key, 0) + 1
        if met[finding.key] == 1:
            write_json(self._folder / f"finding-{len(met)}.json", asdict(finding))
            self.write()

    def write(self) -> None:
        """Write the numbers. Ends the worker where its parent is gone."""
        self._written = time.monotonic()
        self._numbers.seconds = self._written - self._began
        write_json(self._folder / "numbers.json", asdict(self._numbers))
        if os.getppid() != self._parent:
            sys.exit("the parent is gone")


def write_json(path: Path, value: object) -> None:
    """Write a file that is either there as a whole or as it was."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(value, indent=1), "utf-8")
    new.replace(path)


def read_numbers(folder: Path) -> Numbers:
    """What the worker of a folder did."""
    path = folder / "numbers.json"
    return Numbers(**json.loads(path.read_text("utf-8"))) if path.exists() else Numbers()


def read_findings(folder: Path) -> list[Finding]:
    """What the worker of a folder found."""
    paths = sorted(folder.glob("finding-*.json"))
    return [Finding(**json.loads(path.read_text("utf-8"))) for path in paths]


def read_current(folder: Path) -> str | None:
    """The text that the worker of a folder was trying when it ended, if it was."""
    path = folder / "current"
    data = path.read_bytes() if path.exists() else b""
    size = int.from_bytes(data[:8], "little")
    return data[8 : 8 + size].decode("utf-8", "surrogatepass") if size else None
