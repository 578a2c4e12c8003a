"""Asking a person on the terminal before anything irreversible; refusing where nobody is there."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final, Protocol

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from agentjit.cli.consoles import printable
from agentjit.cli.progress import show_call
from agentjit.cli.values import render_value
from agentjit.errors import ApprovalRefused
from agentjit.toolspecs.words import AI_EVAL

if TYPE_CHECKING:
    from agentjit.ports import ApprovalRequest, Approver

#: What counts as yes. Everything else is no, an empty answer too.
YES: Final = frozenset({"y", "yes"})

#: Bytes of a line that a terminal hands over at once.
LONGEST_LINE: Final = 4096


class Keyboard(Protocol):
    """What a person types."""

    def forget(self) -> None:
        """Drop what was typed so far."""

    async def read_line(self) -> str:
        """The next line, with its end; empty at the end of input."""


class TerminalApprover:
    """Shows the exact terms and asks; only an explicit yes grants."""

    def __init__(
        self,
        console: Console,
        keyboard: Keyboard,
        paused: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._console = console
        self._keyboard = keyboard
        self._paused = paused

    async def approve(self, request: ApprovalRequest) -> bool:
        """Whether the person said yes to this very call."""
        with self._paused():
            self._console.print(render_request(request))
            # What was typed before the question was shown is no answer to it.
            self._keyboard.forget()
            self._console.print(
                Text.assemble("This cannot be undone. Do it? ", ("[y/N] ", "bold")), end=""
            )
            answer = await self._keyboard.read_line()
            if not answer.endswith("\n"):
                self._console.print()
        return answer.strip().casefold() in YES


class NobodyToAsk:
    """Refuses, and says that nobody could be asked."""

    async def approve(self, request: ApprovalRequest) -> bool:
        """Raise ApprovalRefused."""
        raise ApprovalRefused(
            f"{request.tool}() needs approval and there is no terminal to ask on; "
            "it was not attempted",
            "run it on a terminal, or grant it beforehand with --yes",
        )


def render_request(request: ApprovalRequest) -> RenderableType:
    """The call, what the tool does in its own words, and all that the site says about it."""
    call = show_call(request.tool, request.arguments)
    parts: list[RenderableType] = [Text(printable(request.summary))]
    if request.arguments:
        parts += [Text(), Text("arguments", style="dim")]
        parts.append(Padding(render_value(dict(request.arguments), max_rows=None), (0, 0, 0, 2)))
    for name, sources in request.untrusted.items():
        parts.append(Text(f"{name} holds what {_told(sources)} said", style="yellow"))
    parts.append(Text())
    if request.terms is None:
        parts.append(Text("The site says nothing more about it.", style="dim"))
    else:
        parts.append(render_value(request.terms, max_rows=None))
    return Panel(
        Group(*parts),
        title=Text.assemble("approve ", (printable(call), "bold"), "?"),
        title_align="left",
        border_style="yellow",
        expand=False,
        padding=(0, 2),
    )


def _told(sources: tuple[str, ...]) -> str:
    """Who said it: tools read it off the site, ai_eval is the model."""
    return " and ".join("the model" if s == AI_EVAL else f"the site ({s})" for s in sources)


def make_approver(
    console: Console,
    paused: Callable[[], AbstractContextManager[None]],
    *,
    yes: bool,
) -> Approver | bool:
    """Who grants irreversible calls: everything with `--yes`, else the person, else nobody."""
    if yes:
        return True
    if sys.stdin.isatty() and console.file.isatty():
        return TerminalApprover(console, TerminalKeyboard(sys.stdin.fileno()), paused)
    return NobodyToAsk()


class TerminalKeyboard:
    """The keyboard of a terminal, read without holding up the event loop: Ctrl-C still works."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def forget(self) -> None:
        """Drop what was typed so far."""
        termios.tcflush(self._descriptor, termios.TCIFLUSH)

    async def read_line(self) -> str:
        """The next line, with its end; empty at the end of input."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return os.read(self._descriptor, LONGEST_LINE).decode(errors="replace")
