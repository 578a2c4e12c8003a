"""Ask a model for a goal record: one line by a grammar, with slots copied from the task."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from agentjit.compiler.decoding import render_gbnf, render_lark
from agentjit.diagnostics import Diagnostic
from agentjit.errors import PlanningError
from agentjit.planner.goals.goal import Goal
from agentjit.planner.goals.record import parse_goal
from agentjit.planner.goals.record_grammar import fields_of, record_grammar
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.vouching import offered, vouch
from agentjit.ports import Grammars, Model, Prompt
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset

#: Words in a row of the task that a slot may be.
_LONGEST: Final = 6
#: Tokens of an answer: a record is about thirty.
_ROOM: Final = 160

_HOW: Final = """\
Write the task as one goal record, and nothing else.
act:   tool(parameter="text from the task") for reader() where field == "text" first 2
ask:   count reader() where field > 4
       tell field of reader() max field one in outer_reader() = "Name"
Several acts: act then act; `same` instead of `for …` means the things of the act before.
Things: `where a == "x" and b < 3`, `min field` or `max field`, `first N`, `one`, \
`after tool(query="…")`, `in` leads outwards.
Copy every text from the task."""


class NoGoal(PlanningError):
    """A model gave no goal that can be used; the diagnostics say why."""

    code = "no-goal"

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(
            f"the model's goal cannot be used: {diagnostics[0].message}",
            diagnostics[0].remedy or "say the task in plainer words",
        )
        self.diagnostics = tuple(diagnostics)


async def ask_for_goal(task: str, toolset: Toolset, model: Model, *, seed: int | None = 0) -> Goal:
    """The goal that a model reads in a task, as far as the task's own words stand behind it.

    Raises NoGoal, and ModelError where the endpoint cannot be used.
    """
    completion = await model.complete(goal_prompt(task, toolset, seed=seed))
    return read_answer(completion.text, task, toolset)


def goal_prompt(task: str, toolset: Toolset, *, seed: int | None = 0, left: str = "") -> Prompt:
    """The request: the tools that may be meant first, for endpoints that keep a prefix.

    `left` says what the reader of goals could not account for.
    """
    tools = offered(task, toolset)
    known = ", ".join(_typed_slots(task)) or "none"
    hint = f"\nNot clear to a simple reader: {left}" if left else ""
    return Prompt(
        messages=[
            {"role": "system", "content": f"{_HOW}\n\nTools:\n{_listed(tools)}"},
            {"role": "user", "content": f"Slots of the task: {known}{hint}\nTask: {task}"},
        ],
        seed=seed,
        max_tokens=_ROOM,
        schema=goal_schema(),
        grammar=goal_grammar(task, toolset),
    )


def goal_schema() -> dict[str, Any]:
    """The JSON that holds the line, for endpoints that know schemas but no grammars."""
    return {
        "type": "object",
        "properties": {"goal": {"type": "string"}},
        "required": ["goal"],
        "additionalProperties": False,
    }


def goal_grammar(task: str, toolset: Toolset) -> Grammars:
    """The records' grammar, with the toolset's names and the task's words only."""
    grammar = record_grammar(task_spans(task), offered(task, toolset), toolset)
    return Grammars(lark=render_lark(grammar), gbnf=render_gbnf(grammar))


def read_answer(answer: str, task: str, toolset: Toolset) -> Goal:
    """The goal in a model's answer: JSON with the line, or the line. Raises NoGoal."""
    parsed = parse_goal(_line(answer), toolset)
    wrong = parsed if isinstance(parsed, list) else vouch(parsed, task, toolset)
    if wrong or isinstance(parsed, list):
        raise NoGoal(wrong)
    return parsed


def _line(answer: str) -> str:
    text = re.sub(r"^\s*```\w*\n|\n```\s*$", "", answer).strip()
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return text
    goal = held.get("goal") if isinstance(held, dict) else None
    return goal if isinstance(goal, str) else text


def _listed(tools: Iterable[Tool]) -> str:
    return "\n".join(f"{tool.signature()}: {tool.summary}{_fields(tool)}" for tool in tools)


def _fields(tool: Tool) -> str:
    names = ", ".join(fields_of(tool))
    return f" [{names}]" if names else ""


def _typed_slots(task: str) -> Iterator[str]:
    """What the reader knows to be a slot, with its kind."""
    for piece in Sentence(task).pieces:
        if piece.kind not in ("word", "stop", "sign"):
            yield f"{piece.kind} {_quote(piece.value)}"


def task_spans(task: str) -> Iterator[str]:
    """Everything that a slot can be copied from, as JSON: quotes, numbers, words in a row."""
    pieces = Sentence(task).pieces
    found: list[str] = []
    for start, piece in enumerate(pieces):
        if piece.kind in ("number", "money"):
            found.append(f"{piece.amount:g}")
        if piece.kind not in ("word", "stop", "sign", "number"):
            found.append(_quote(piece.value))
        row = []
        for each in pieces[start : start + _LONGEST]:
            if each.kind != "word":
                break
            row.append(each.text)
            found.append(_quote(" ".join(row)))
    yield from dict.fromkeys(found)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
