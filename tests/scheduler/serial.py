"""The serial run of a program on the toy site: what every schedule has to agree with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agentjit.compiler.ir import Program
from agentjit.scheduler.walk import Branch, Code, Copy, Question, ToolUse, TooManyTripsError, walk
from tests.scheduler.evaluation import CodeFailed, evaluate, execute, new_names
from tests.scheduler.site import Site, ToolFailed, reply

#: Steps of one run; a program that goes on for longer is not looked at.
MAX_STEPS = 600


class TooLong(Exception):
    """The run was given up."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended: a value or a failure, and the account."""

    value: str
    failed: bool
    account: str
    why: str = ""

    def agrees(self, other: Ending) -> bool:
        """Whether nobody could tell the two apart."""
        mine, theirs = (self.value, self.failed), (other.value, other.failed)
        return mine == theirs and self.account == other.account


def run_serially(program: Program, site: Site) -> Ending:
    """Run the program in one tab, a step at a time. Raises TooLong."""
    names = new_names(program)
    tab = site.first_tab()
    walker = walk(program)
    answer: Any = None
    steps = 0
    try:
        while True:
            steps += 1
            if steps > MAX_STEPS:
                raise TooLong
            need = walker.send(answer)
            match need:
                case Code(text=text, inputs=inputs):
                    names.update(inputs)
                    *lines, last = _pieces(text)
                    if lines:
                        execute("\n".join(lines), names)
                    answer = evaluate(last, names)
                case ToolUse(tool=tool, arguments=arguments):
                    answer = site.call(tool, arguments, tab)
                case Question(question=question, values=values, returns=returns):
                    answer = reply(question, values, returns, site.seed)
                case Branch() | Copy():
                    raise AssertionError(need)
    except StopIteration as end:
        return Ending(repr(end.value), failed=False, account=repr(site.account))
    except (CodeFailed, ToolFailed, TooManyTripsError) as error:
        return Ending("", failed=True, account=repr(site.account), why=repr(error))


def _pieces(text: str) -> list[str]:
    """The lines; the last one is an expression by itself."""
    return text.split("\n")
