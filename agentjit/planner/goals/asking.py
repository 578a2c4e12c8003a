"""Ask a model for a goal record: one line by a grammar, with slots copied from the task."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from agentjit.diagnostics import Diagnostic
from agentjit.errors import PlanningError
from agentjit.planner.goals.goal import Goal
from agentjit.planner.goals.reader import asked_verbs
from agentjit.planner.goals.record import GRAMMAR, parse_goal
from agentjit.planner.goals.sentence import Sentence
from agentjit.planner.goals.tooling import Tooling
from agentjit.planner.goals.vouching import vouch
from agentjit.ports import Model, Prompt
from agentjit.toolspecs.jsontypes import ListOf, Record
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


def goal_prompt(task: str, toolset: Toolset, *, seed: int | None = 0) -> Prompt:
    """The request: the tools that may be meant first, for endpoints that keep a prefix."""
    tools = offered(task, toolset)
    known = ", ".join(_typed_slots(task)) or "none"
    return Prompt(
        messages=[
            {"role": "system", "content": f"{_HOW}\n\nTools:\n{_listed(tools)}"},
            {"role": "user", "content": f"Slots of the task: {known}\nTask: {task}"},
        ],
        seed=seed,
        max_tokens=_ROOM,
        schema=goal_schema(),
    )


def goal_schema() -> dict[str, Any]:
    """The JSON that holds the line, for endpoints that know schemas but no grammars."""
    return {
        "type": "object",
        "properties": {"goal": {"type": "string"}},
        "required": ["goal"],
        "additionalProperties": False,
    }


def goal_grammar(task: str, toolset: Toolset) -> str:
    """The records' grammar in Lark's form, with the toolset's names and the task's words only."""
    tools = offered(task, toolset)
    names = {name for tool in tools for name in _names(tool)}
    values = [*_spans(task), *map(str, range(1, 13))]
    lines = [line for line in GRAMMAR.splitlines() if not line.startswith(("VALUE:", "NAME: "))]
    return "\n".join(
        [
            *lines,
            f"NAME: {_alternatives(sorted(names | {'it'}))}",
            f"VALUE: {_alternatives([*values, 'true', 'false'])}",
        ]
    )


def offered(task: str, toolset: Toolset) -> tuple[Tool, ...]:
    """The tools that a goal may name: what changes something only where the task asks for it."""
    verbs = asked_verbs(task, toolset)
    tooling = Tooling(toolset)
    meant = [m.tool for m in tooling.meant(verbs, frozenset())]
    meant += [setter for tool in meant for setter in tooling.setters(tool)]
    return tuple(t for t in toolset.tools if t.effect.harmless or t in meant)


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
    except ValueError:
        return text
    goal = held.get("goal") if isinstance(held, dict) else None
    return goal if isinstance(goal, str) else text


def _listed(tools: Iterable[Tool]) -> str:
    return "\n".join(f"{tool.signature()}: {tool.summary}{_fields(tool)}" for tool in tools)


def _fields(tool: Tool) -> str:
    item = tool.returns.item if isinstance(tool.returns, ListOf) else tool.returns
    names = ", ".join(f.name for f in item.fields) if isinstance(item, Record) else ""
    return f" [{names}]" if names else ""


def _names(tool: Tool) -> Iterator[str]:
    yield tool.name
    yield from (p.name for p in tool.params)
    item = tool.returns.item if isinstance(tool.returns, ListOf) else tool.returns
    if isinstance(item, Record):
        yield from (f.name for f in item.fields)


def _typed_slots(task: str) -> Iterator[str]:
    """What the reader knows to be a slot, with its kind."""
    for piece in Sentence(task).pieces:
        if piece.kind not in ("word", "stop", "sign"):
            yield f"{piece.kind} {json.dumps(piece.value, ensure_ascii=False)}"


def _spans(task: str) -> Iterator[str]:
    """Everything that a slot can be copied from, as JSON: quotes, numbers, words in a row."""
    pieces = Sentence(task).pieces
    seen: set[str] = set()
    for start, piece in enumerate(pieces):
        texts = [piece.value] if piece.kind != "word" else []
        if piece.kind == "number":
            texts = [piece.text]
        for stop in range(start + 1, min(start + _LONGEST, len(pieces)) + 1):
            row = pieces[start:stop]
            if any(p.kind != "word" for p in row):
                break
            texts.append(" ".join(p.text for p in row))
        for text in texts:
            value = text if piece.kind == "number" else json.dumps(text, ensure_ascii=False)
            if piece.kind not in ("stop", "sign") and value not in seen:
                seen.add(value)
                yield value


def _alternatives(texts: Iterable[str]) -> str:
    return " | ".join(json.dumps(text, ensure_ascii=False) for text in texts)
