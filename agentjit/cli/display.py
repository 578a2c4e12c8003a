"""Progress on standard error: live on a terminal, a line a finished step elsewhere, or none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from agentjit.cli.consoles import printable
from agentjit.cli.progress import Pending, Progress, Step

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Wider than this, times would stand too far from what they are about.
MAX_WIDTH: Final = 110


class SilentDisplay:
    """Shows nothing, and follows the run all the same."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.progress = Progress(clock, self.show)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to put away."""

    def show(self, step: Step) -> None:
        """A step is finished."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While a person is asked something."""
        yield


class PlainDisplay(SilentDisplay):
    """A line a finished step, for logs."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(clock)
        self._console = console

    def show(self, step: Step) -> None:
        """Print the step, its seconds first."""
        place = f"line {step.line}: " if step.line else ""
        mark = "" if step.ok else "FAILED "
        note = f" ({step.note})" if step.note else ""
        text = printable(f"{mark}{place}{step.title}{note}")
        self._console.out(f"{step.seconds:7.2f} s  {text}", highlight=False)


class LiveDisplay(SilentDisplay):
    """Finished steps above, and below them the one under way with a running clock."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(clock)
        self._console = console
        self._clock = clock
        self._spinner = Spinner("dots", style="cyan")
        self._live = self._make_live()

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, step: Step) -> None:
        """Put the step above the live line."""
        mark = Text("✓", style="green") if step.ok else Text("✗", style="bold red")
        self._console.print(self._row(mark, step, step.seconds, note=step.note))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the live line away, so that a person can read and type."""
        self._live.stop()
        yield
        self._live = self._make_live()
        self._live.start()

    def __rich__(self) -> RenderableType:
        pending = self.progress.pending
        if pending is None:
            return Text()
        mark = self._spinner.render(self._console.get_time())
        return self._row(mark, pending, self._clock() - pending.since)

    def _row(
        self, mark: RenderableType, what: Step | Pending, seconds: float, *, note: str = ""
    ) -> Table:
        row = Table.grid(padding=(0, 1, 0, 0))
        # Room at the end for the ^C that a terminal puts there; it must not begin a new line.
        row.width = min(self._console.width - 3, MAX_WIDTH)
        row.add_column(width=1)
        row.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        row.add_column(justify="right", no_wrap=True, style="dim")
        row.add_column(justify="right", no_wrap=True, style="dim", min_width=7)
        text = Text(printable(what.title))
        if note:
            text.append(f"  {printable(note)}", style="dim")
        row.add_row(mark, text, f"line {what.line}" if what.line else "", Text(f"{seconds:.2f} s"))
        return row

    def _make_live(self) -> Live:
        # Standard output stays as it is: a JSON object must not pass through here.
        return Live(
            self,
            console=self._console,
            refresh_per_second=12,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )


def make_display(console: Console, *, quiet: bool, as_json: bool) -> SilentDisplay:
    """The display that fits where standard error goes. Next to JSON, only terminals get one."""
    terminal = console.file.isatty() and not console.is_dumb_terminal
    if quiet or (as_json and not terminal):
        return SilentDisplay()
    return LiveDisplay(console) if terminal else PlainDisplay(console)
