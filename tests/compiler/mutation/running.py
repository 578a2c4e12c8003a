"""Run a plan on the model of the site: how it ends, and which preconditions it met on the way."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
)
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.words import PURE_BUILTINS
from tests.compiler.mutation.outcomes import Broken, Cause, Endless, Mistyped, Refused
from tests.compiler.mutation.shopping import Shopping
from tests.compiler.mutation.showing import same
from tests.compiler.mutation.worlds import World

#: Tool calls and rounds of `while` loops of one run, together.
MAX_STEPS: Final = 800

#: The errors that a plan's own code can come to.
_SLIPS: Final = (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError)


class End(StrEnum):
    """How a run ended."""

    UNBROKEN = "unbroken"
    #: The plan's own code failed, as Python does.
    CRASHED = "crashed"
    #: The site has no such thing.
    REFUSED = "refused"
    #: The plan never ends.
    ENDLESS = "endless"
    #: A tool was given a value that it cannot be given.
    MISTYPED = "mistyped"
    #: A tool could not act where the tab and the account were.
    BROKEN = "broken"


#: The ends from the most harmless to the worst.
WORSE: Final = (
    End.UNBROKEN, End.ENDLESS, End.CRASHED, End.REFUSED, End.MISTYPED, End.BROKEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A call that was made, by its line, and the first clause that did not hold, if any."""

    tool: str
    line: int
    unmet: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a plan in one world."""

    world: str
    end: End
    why: str
    steps: tuple[Step, ...]
    cause: Cause | None = None


@dataclass(slots=True)
class _Runner:
    shopping: Shopping
    steps: list[Step] = field(default_factory=list)
    rounds: int = 0

    def tick(self) -> None:
        """Count a step."""
        self.rounds += 1
        if self.rounds > MAX_STEPS:
            raise Endless

    def stand_in(self, tool: Tool) -> Callable[..., Any]:
        """The tool as the plan sees it: a plain function."""
        names = [p.name for p in tool.params]

        def call(*args: Any, **named: Any) -> Any:
            self.tick()
            given = {**dict(zip(names, args, strict=False)), **named}
            line = sys._getframe(1).f_lineno
            self.steps.append(Step(tool.name, line, unmet(tool, self.shopping.observe())))
            return self.shopping.call(tool.name, given)

        return call


def run_plan(tree: ast.Module, shopping: Shopping) -> Run:
    """Run a plan. It is one of this folder's, or a mutant of it: nothing that needs a sandbox."""
    runner = _Runner(shopping)
    space: dict[str, Any] = {t.name: runner.stand_in(t) for t in TOOLSET.tools}
    space["_tick"] = runner.tick
    space["__builtins__"] = {name: getattr(builtins, name) for name in (*PURE_BUILTINS, "next")}
    end, why, cause = End.UNBROKEN, "", None
    try:
        exec(_compiled(tree), space)
    except Broken as broken:
        end, why, cause = End.BROKEN, str(broken), broken.cause
    except Mistyped as mistyped:
        end, why = End.MISTYPED, str(mistyped)
    except Refused as refused:
        end, why = End.REFUSED, str(refused)
    except Endless:
        end = End.ENDLESS
    except _SLIPS as slip:
        end, why = End.CRASHED, f"{type(slip).__name__}: {slip}"
    return Run(shopping.world.name, end, why, tuple(runner.steps), cause)


def run_everywhere(text: str, where: tuple[World, ...]) -> Iterator[Run]:
    """Run a plan in each world, one after the other."""
    tree = with_ticks(ast.parse(text))
    return (run_plan(tree, Shopping(world)) for world in where)


def with_ticks(tree: ast.Module) -> ast.Module:
    """The plan with a step counted in each round of a `while`, at the lines that it had."""
    for node in ast.walk(tree):
        if isinstance(node, ast.While):
            count = ast.parse("_tick()").body[0]
            node.body.insert(0, ast.copy_location(count, node))
    return ast.fix_missing_locations(tree)


def _compiled(tree: ast.Module) -> Any:
    # With this module's own flags annotations stay unread: records are no names of Python's.
    return compile(tree, "plan", "exec")


def unmet(tool: Tool, seen: dict[str, str | None]) -> str | None:
    """The first clause of the precondition that what the page shows contradicts."""
    return next((str(c) for c in tool.requires if c.var in seen and not holds(c, seen, {})), None)


def holds(
    clause: Clause, seen: Mapping[str, str | None], arguments: Mapping[str, str | None]
) -> bool:
    """Whether a clause is true of what the page shows, in the site's own spelling of names."""
    actual = seen[clause.var]
    match clause:
        case Equals(value=Constant(value)):
            return actual == value
        case Equals(value=ParamRef(name)):
            return same(str(actual), str(arguments[name]))
        case Differs(value=Constant(value)):
            return actual != value
        case OneOf(values=values):
            return actual in values
        case Known():
            return actual is not None
        case Forgets():
            return True
        case _:
            raise AssertionError(f"Dashdish says nothing like {clause}")
