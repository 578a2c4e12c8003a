"""A toy world for the machine: a few tools, an evaluator, and a driver that writes all down."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from agentjit.compiler.check import CheckedProgram, check_or_raise
from agentjit.errors import AgentjitError
from agentjit.scheduler.machine import (
    Abort,
    Answered,
    Command,
    Event,
    Failed,
    Finish,
    Machine,
    Started,
)
from agentjit.scheduler.strands import Perform
from agentjit.scheduler.walk import Branch, Code, Copy, Need, Question, ToolUse
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, Toolset, tool


@tool(effect=Effect.READ)
async def fetch(page: Any) -> int:
    """Fetch the next number."""
    raise NotImplementedError


@tool(effect=Effect.READ)
async def fetch_all(page: Any) -> list[int]:
    """Fetch all numbers."""
    raise NotImplementedError


@tool(effect=Effect.WRITE)
async def give(page: Any, number: int, note: str = "") -> int:
    """Give a number, and get back how many were given."""
    raise NotImplementedError


async def observe(page: Any) -> dict[str, Any]:
    """See nothing."""
    raise NotImplementedError


TOOLSET = Toolset("toy", "Numbers", StateModel(()), observe, (fetch, fetch_all, give))


@dataclass(slots=True)
class Notebook:
    """A plan's variables, evaluated by Python itself; values leave and enter as JSON."""

    names: dict[str, Any] = field(default_factory=dict)

    def run(self, code: Code) -> Any:
        self.names.update(json.loads(json.dumps(dict(code.inputs))))
        tree = ast.parse(code.text)
        last = tree.body.pop()
        assert isinstance(last, ast.Expr)
        assert len(code.text.split("\n")) == len(code.spans), "every line has its place"
        exec(compile(tree, "plan", "exec"), self.names)
        return json.loads(
            json.dumps(eval(compile(ast.Expression(last.value), "plan", "eval"), self.names))
        )


@dataclass(slots=True)
class World:
    """What the tools answer: counting up, unless told otherwise; and a list of what was asked."""

    numbers: tuple[int, ...] = (3, 1, 2)
    seen: list[str] = field(default_factory=list)
    fetched: int = 0
    given: int = 0

    def call(self, tool_name: str, **arguments: Any) -> Any:
        shown = ", ".join(f"{k}={v!r}" for k, v in arguments.items())
        self.seen.append(f"{tool_name}({shown})")
        match tool_name:
            case "fetch":
                self.fetched += 1
                return self.fetched
            case "fetch_all":
                return list(self.numbers)
            case _:
                self.given += 1
                return self.given

    def ask(self, question: str, values: dict[str, Any]) -> Any:
        self.seen.append(f"ask({question!r}, {values})")
        return 7


@dataclass(slots=True)
class Played:
    """One run of a machine: its events, its commands, what the world saw, and how it ended."""

    events: list[Event]
    commands: list[tuple[Command, ...]]
    seen: list[str]
    end: Finish | Abort

    def needs(self) -> list[Need]:
        """What was asked for, in order."""
        return [c.need for commands in self.commands for c in commands if isinstance(c, Perform)]


def compile_toy(text: str) -> CheckedProgram:
    """The checked program of a plan over the toy tools."""
    return check_or_raise(Source("plan.py", text), TOOLSET)


#: Decides whether the n-th command fails (n counts from 0), and how.
Fault = Callable[[int, Perform], Event | None]


def play(text: str, world: World | None = None, fault: Fault | None = None) -> Played:
    """Run a plan to its end in a world; `fault` may let commands fail."""
    world, notebook = world or World(), Notebook()
    machine = Machine(compile_toy(text))
    played = Played([Started()], [machine.handle(Started())], world.seen, Finish(None))
    while True:
        (command,) = played.commands[-1]
        if not isinstance(command, Perform):
            assert isinstance(command, Finish | Abort)
            played.end = command
            return played
        broken = fault(len(played.commands) - 1, command) if fault else None
        event = broken or Answered(command.id, _answer(command, world, notebook))
        played.events.append(event)
        played.commands.append(machine.handle(event))


def _answer(command: Perform, world: World, notebook: Notebook) -> Any:
    match command.need:
        case Code() as code:
            return notebook.run(code)
        case ToolUse(tool=name, arguments=arguments):
            return world.call(name, **arguments)
        case Question(question=question, values=values):
            return world.ask(question, dict(values))
        case Branch() | Copy():
            raise AssertionError(command)


def fail_at(number: int, reason: AgentjitError, line: int | None = None) -> Fault:
    """Let the command of that number fail."""
    return lambda n, command: Failed(command.id, reason, line) if n == number else None
