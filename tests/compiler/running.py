"""Run a plan twice: as Python would, and as the compiler lowered it; both record their calls."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from agentjit.compiler.lower import lower
from agentjit.compiler.parse import parse_plan
from agentjit.compiler.subset import check_subset
from agentjit.errors import EvaluationError
from agentjit.scheduler.walk import Branch, Code, Copy, Question, ToolUse, walk
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, StateValue, Toolset, tool


@tool(effect=Effect.READ)
async def num(page: Any, x: int = 0, y: int = 0) -> int:
    """Give a number."""
    raise NotImplementedError


@tool(effect=Effect.READ)
async def flag(page: Any, x: int = 0) -> bool:
    """Give a truth value."""
    raise NotImplementedError


@tool(effect=Effect.READ)
async def items(page: Any, x: int = 0) -> list[int]:
    """Give a list."""
    raise NotImplementedError


async def observe(page: Any) -> dict[str, StateValue]:
    """There is no state."""
    return {}


#: Three tools without contracts: what they are called with, and when, is all that matters.
PROBES: Final = Toolset(
    name="probes",
    title="Probes",
    state=StateModel(()),
    observe=observe,
    tools=(num, flag, items),
)


#: Calls of one run; a plan that makes more is cut off in both ways of running it.
MAX_CALLS: Final = 300


@dataclass(slots=True)
class Recorder:
    """Answers calls by how many there were before, and remembers them all."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, name: str, arguments: dict[str, Any]) -> Any:
        """The next answer of a tool."""
        if len(self.calls) >= MAX_CALLS:
            raise OverflowError("the plan goes on for too long")
        # Values may be changed later: what counts is what they were at the call.
        self.calls.append((name, {k: repr(v) for k, v in sorted(arguments.items())}))
        count = len(self.calls)
        match name:
            case "num":
                return (count * 7) % 5 - 1
            case "flag":
                return count % 3 != 0
            case "items":
                return [*range(count % 4)]
            case _:
                return f"answer {count}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way of running a plan came to."""

    calls: list[tuple[str, dict[str, Any]]]
    #: The plan's own variables at the end, or the error's type where it raised.
    ended: dict[str, str] | str


def restricted(outcome: Outcome, other: Outcome) -> Outcome:
    """Without the variables that the other does not know: a comprehension's, left by its loop."""
    if isinstance(outcome.ended, str) or isinstance(other.ended, str):
        return outcome
    kept = {k: v for k, v in outcome.ended.items() if k in other.ended}
    return Outcome(outcome.calls, kept)


def run_python(text: str) -> Outcome:
    """As plain Python, with functions in place of the tools."""
    recorder = Recorder()

    def stand_in(name: str, parameters: tuple[str, ...]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return recorder.answer(name, {**dict(zip(parameters, args, strict=False)), **kwargs})

        return call

    space: dict[str, Any] = {
        t.name: stand_in(t.name, tuple(p.name for p in t.params)) for t in PROBES.tools
    }
    space["ai_eval"] = stand_in("ai_eval", ("question",))
    stand_ins = {*space, "__builtins__"}
    try:
        exec(text, space)
    except (ArithmeticError, LookupError, NameError, TypeError, ValueError) as error:
        return Outcome(recorder.calls, type(error).__name__)
    return Outcome(recorder.calls, _variables(space, stand_ins))


def run_lowered(text: str) -> Outcome:
    """As the intermediate form, walked need by need, pure code evaluated as it comes."""
    # With a result to compute, the walk ends with all variables in place.
    source = Source("plan", f"{text}\nresult = None\n")
    tree = parse_plan(source)
    assert isinstance(tree, ast.Module), text
    assert not check_subset(tree, source, PROBES.by_name), text
    program, hidden = lower(tree, source, PROBES)
    assert not hidden, (hidden, text)
    recorder = Recorder()
    space: dict[str, Any] = {}
    steps = walk(program)
    answer: Any = None
    try:
        while True:
            match steps.send(answer):
                case Code(text=code, inputs=inputs):
                    answer = _evaluate(code, dict(inputs), space)
                case ToolUse(tool=name, arguments=arguments):
                    answer = recorder.answer(name, dict(arguments))
                case Question(question=question, values=values):
                    answer = recorder.answer("ai_eval", {"question": question, **values})
                case Branch() | Copy():
                    raise AssertionError("a serial run has one set of variables")
    except StopIteration:
        return Outcome(recorder.calls, _variables(space, {"__builtins__", "result"}))
    except EvaluationError:
        return Outcome(recorder.calls, "EvaluationError")
    except (ArithmeticError, LookupError, NameError, TypeError, ValueError) as error:
        return Outcome(recorder.calls, type(error).__name__)


def _evaluate(code: str, inputs: dict[str, Any], space: dict[str, Any]) -> Any:
    space.update(inputs)
    *before, last = ast.parse(code).body
    assert isinstance(last, ast.Expr), code
    exec(compile(ast.Module(before, []), "code", "exec"), space)
    return eval(compile(ast.Expression(last.value), "code", "eval"), space)


def _variables(space: dict[str, Any], others: set[str]) -> dict[str, str]:
    return {
        name: repr(value)
        for name, value in sorted(space.items())
        if name not in others and not name.startswith("_") and not callable(value)
    }
