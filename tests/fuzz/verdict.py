"""Try one text on a target: did it come to an end, soon, and without raising anything?"""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final

from tests.fuzz.target import Target

#: Seconds of CPU that one text may take, and seconds by the clock: what it waits for counts too.
CPU_LIMIT: Final = 2.0
CLOCK_LIMIT: Final = 20.0

#: How often it is interrupted once its time is up, should it swallow the first.
_AGAIN: Final = 0.5

ROOT: Final = Path(__file__).parents[2]


class TooLong(BaseException):
    """The time is up. No handler of the target's means this."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A text on which a target breaks its promise."""

    #: "crash", "hang", or "death" of the whole process.
    kind: str
    #: What tells it from other findings: the same for every text that breaks in the same place.
    key: str
    text: str
    #: What was raised, where.
    story: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One text's run. Seconds are of CPU."""

    seconds: float
    finding: Finding | None = None


def try_text(target: Target, text: str) -> Trial:
    """Run a target on a text, and tell what it does wrong."""
    begun, began = time.process_time(), time.monotonic()
    finding: Finding | None = None
    try:
        with _limited():
            target.run(text)
    except TooLong as error:
        finding = _find("hang", error, text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic in a compiled library is one, too
        finding = _find("crash", error, text)
    seconds, waited = time.process_time() - begun, time.monotonic() - began
    if finding is None and (seconds > CPU_LIMIT or waited > CLOCK_LIMIT):
        story = f"took {seconds:.1f} s of CPU, {waited:.1f} s by the clock"
        finding = Finding("hang", f"{target.name}: slow", text, story)
    return Trial(seconds, finding)


@contextmanager
def _limited() -> Iterator[None]:
    armed = True

    def stop(_: int, frame: FrameType | None) -> None:
        if armed:
            raise TooLong(f"more than {CPU_LIMIT:g} s of CPU")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_LIMIT, _AGAIN)
    try:
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


def _find(kind: str, error: BaseException, text: str) -> Finding:
    own = [f for f in traceback.extract_tb(_of(error)) if f.filename.startswith(str(ROOT))]
    inner = [f"{Path(f.filename).relative_to(ROOT)}:{f.lineno}" for f in own[-1:]]
    if kind == "hang" or isinstance(error, RecursionError):
        # Where it was cut is chance: the way in says what it is.
        inner = [f"{Path(f.filename).stem}.{f.name}" for f in own[2:5]]
    key = f"{type(error).__name__} {' > '.join(inner)}"
    story = "".join(traceback.format_exception(error, limit=-6))
    return Finding(kind, key, text, story[-4_000:])


def _of(error: BaseException) -> TracebackType | None:
    return error.__traceback__
