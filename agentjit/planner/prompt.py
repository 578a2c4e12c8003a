"""From a task and its toolset to the messages that ask a model for a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from agentjit.compiler.arguments import AI_EVAL_SIGNATURE
from agentjit.compiler.transfer import establishes
from agentjit.diagnostics import Diagnostic, render
from agentjit.planner.candidate import Task, Verdict
from agentjit.planner.prompt_examples import EXAMPLE_PLANS, EXAMPLE_TOOLSET
from agentjit.planner.variation import VARIANTS
from agentjit.source import Source
from agentjit.toolspecs.contract import Clause, Constant, Differs, Equals, Known, OneOf
from agentjit.toolspecs.state import StateModel, StateValue
from agentjit.toolspecs.stubs import all_records, show_record
from agentjit.toolspecs.tool import From, Tool
from agentjit.toolspecs.toolset import Toolset

#: A longer list of alternatives helps nobody.
_MOST_ESTABLISHERS: Final = 3

#: Characters of a line of the plan, and of a sentence, that a refinement repeats. A diagnostic has
#: three of each at most, so that it stays under 1,500.
_MOST_OF_A_LINE: Final = 160
_MOST_OF_A_SENTENCE: Final = 300

_SNIPPET: Final = re.compile(r"(?P<gutter> *\d* \|) ?(?P<text>.*)")
_CARETS: Final = re.compile(r"(?P<marks>\s*\^+)(?P<label>.*)")

Messages: TypeAlias = tuple[Mapping[str, str], ...]

_ROLE: Final = """\
You write plans: short Python programs that do a task on a web site by calling its tools.
Answer with one ```python block and nothing else: no comments, no explanation, few lines."""

_RULES: Final = f"""\
Rules:
- Plain Python over JSON values: assignments, if, for, while, comprehensions, lambdas, f-strings, \
the usual built-in functions. No import, class, try, print, assert or await.
- Call only the tools listed, by their names. They act on one browser, in the order of the calls.
- A tool returns what its signature says: read a field as item["price"], never item.price.
- Compute with code: min, max, sorted, sum, len, filters. Only for judgement that code cannot \
make, ask a model: {AI_EVAL_SIGNATURE}.
- Names and texts come from the task, word by word, or from what a tool returned. Invent none.
- A task that asks something ends with `result = …`, the answer alone, no print.
- Do all that the task wants, to its end, and no more."""

_PROTOCOL_RULES: Final = """\
- State: a call is allowed only where its `requires` holds, on every path: other calls must come \
first. After the call its `ensures` holds, and all else is as before. At the end of a loop's body, \
the state must again be what its first call requires.
- A `commit` tool is what makes an order, a payment, a booking or a message happen: a task that \
wants one is not done without the call. It cannot be undone: for any other task, never call it."""


def build_messages(task: Task, *, protocol: bool = True, variant: str = "plain") -> Messages:
    """The messages for a task: what depends on the toolset alone comes first, the task last.

    Without `protocol`, the state, the contracts and the effects stay hidden. A `variant` (a key of
    VARIANTS) differs in its last sentence only.
    """
    rules = f"{_RULES}\n{_PROTOCOL_RULES}" if protocol else _RULES
    asked = _ask(task, protocol)
    site = describe_toolset(task.toolset, protocol=protocol)
    plain = (
        {"role": "system", "content": f"{_ROLE}\n\n{rules}"},
        *_examples(protocol),
        {"role": "user", "content": f"Now another site, with other tools: {site}\n\n{asked}"},
    )
    return vary_messages(plain, variant)


def vary_messages(messages: Messages, variant: str) -> Messages:
    """The messages with the variant's sentence as their last line."""
    *before, last = messages
    more = VARIANTS[variant]
    return (*before, {**last, "content": f"{last['content']}\n{more}"}) if more else messages


def refine_messages(messages: Messages, verdict: Verdict) -> Messages:
    """The messages that ask again, with the plan that was not valid and what is wrong with it."""
    plan = verdict.candidate.plan
    wrong = "\n\n".join(_told(d, Source("plan.py", plan)) for d in verdict.diagnostics)
    return (
        *messages,
        {"role": "assistant", "content": f"```python\n{plan}```"},
        {
            "role": "user",
            "content": f"That plan is not valid:\n\n{wrong}\n\nAnswer with the whole plan, mended.",
        },
    )


@dataclass(frozen=True, slots=True)
class FailedPlan:
    """A valid plan that failed on the site: where, and the code of the error.

    Nothing that a page said is in it: what the planner reads must not come from pages.
    """

    plan: str
    line: int | None
    code: str


def replan_messages(messages: Messages, failed: FailedPlan) -> Messages:
    """The messages that ask for another plan, with the one that failed on the site."""
    where = f" at line {failed.line}" if failed.line else ""
    return (
        *messages,
        {"role": "assistant", "content": f"```python\n{failed.plan}```"},
        {
            "role": "user",
            "content": f"That plan is valid, but on the site it failed{where}: {failed.code}. "
            "Nothing was changed by it. Answer with another plan, which does the task in another "
            "way.",
        },
    )


def _told(diagnostic: Diagnostic, source: Source) -> str:
    """A diagnostic without most of its long lines: the model has the whole plan before it."""
    column = diagnostic.span.column if diagnostic.span else 1
    start = max(0, column - _MOST_OF_A_LINE // 2) if column > _MOST_OF_A_LINE // 2 else 0
    lines = render(diagnostic, source).split("\n")
    return "\n".join(_shortened(line, start) for line in lines)


def _shortened(line: str, start: int) -> str:
    snippet = _SNIPPET.fullmatch(line)
    if snippet is None:
        half = _MOST_OF_A_SENTENCE // 2
        long = len(line) > _MOST_OF_A_SENTENCE
        return f"{line[:half]} … {line[3 - half :]}" if long else line
    marked = _CARETS.fullmatch(snippet["text"])
    text, label = (marked["marks"], marked["label"]) if marked else (snippet["text"], "")
    seen = text[start : start + _MOST_OF_A_LINE]
    return f"{snippet['gutter']} {seen}{label}".rstrip()


def describe_toolset(toolset: Toolset, *, protocol: bool = True) -> str:
    """The toolset as a model sees it: records, signatures and, with `protocol`, contracts."""
    records = "\n\n".join(show_record(r) for r in all_records(toolset))
    tools = "\n".join("\n".join(_tool_lines(t, toolset, protocol)) for t in toolset.tools)
    state = "\n".join(_state_lines(toolset.state)) if protocol else ""
    return "\n\n".join(part for part in (toolset.title, state, records, tools) if part)


def _state_lines(state: StateModel) -> Iterator[str]:
    yield "Its state:"
    for variable in state.variables:
        doc = f"  ({variable.doc})" if variable.doc else ""
        yield f"{variable.name}: {variable.show_type()}{doc}"


def _tool_lines(tool: Tool, toolset: Toolset, protocol: bool) -> Iterator[str]:
    yield f"def {tool.signature()}"
    yield f"    # {tool.summary}"
    if not protocol:
        return
    sides = (tool.contract.show_requires(), tool.contract.show_ensures())
    named = [
        f"{name} {clauses}"
        for name, clauses in zip(("requires", "ensures"), sides, strict=True)
        if clauses
    ]
    yield "    # " + "; ".join([tool.effect.value, *named])
    first = _calls_before(tool, toolset)
    if first:
        yield f"    # only after {' and '.join(first)}"
    for param in tool.params:
        if param.origin:
            origin = _show_origin(param.origin)
            yield f"    # {param.name}: an exact name in the task, or one from {origin}"


def _calls_before(tool: Tool, toolset: Toolset) -> list[str]:
    """The calls that make the tool's requirements hold, without those that other ones need."""
    groups = _establishers(tool, toolset)
    implied = {g for group in groups for each in group for g in _establishers(each, toolset)}
    return [" or ".join(f"{t.name}()" for t in g) for g in groups if g not in implied]


def _establishers(tool: Tool, toolset: Toolset) -> tuple[tuple[Tool, ...], ...]:
    """For each requirement that does not hold at the start, the tools that make it hold."""
    start = toolset.state.start()
    wanted = [c for c in tool.requires if not _holds_at(c, start[c.var])]
    groups = (tuple(t for t in toolset.tools if _brings_about(t, c)) for c in wanted)
    return tuple(dict.fromkeys(g for g in groups if 0 < len(g) <= _MOST_ESTABLISHERS))


def _brings_about(tool: Tool, clause: Clause) -> bool:
    """Whether the clause holds after the tool, though it did not hold before."""
    return establishes(tool, clause) and str(clause) not in map(str, tool.requires)


def _holds_at(clause: Clause, value: StateValue) -> bool:
    match clause:
        case Equals(value=Constant(wanted)):
            return value == wanted
        case Differs(value=Constant(wanted)):
            return value != wanted
        case OneOf(values=values):
            return value in values
        case Known():
            return value is not None
        case _:
            return False


def _show_origin(origin: From) -> str:
    """`list_items[].name` as the expression that a plan would write."""
    head, *keys = origin.path.split(".")
    name, listed = head.removesuffix("[]"), head.endswith("[]")
    return f"{name}(){'[…]' if listed else ''}" + "".join(f'["{key}"]' for key in keys)


def _examples(protocol: bool) -> Iterator[Mapping[str, str]]:
    """The examples as a conversation: small models keep them apart from the task like this."""
    site = f"The site: {describe_toolset(EXAMPLE_TOOLSET, protocol=protocol)}\n\n"
    for text, plan in EXAMPLE_PLANS:
        asked = _ask(Task(text, EXAMPLE_TOOLSET), protocol)
        yield {"role": "user", "content": f"{site}{asked}"}
        yield {"role": "assistant", "content": f"```python\n{plan}```"}
        site = ""


def _ask(task: Task, protocol: bool) -> str:
    wanted = f"Task: {' '.join(task.text.split())}"
    if not protocol:
        return wanted
    return f"Start: {_show_state(task.facts)}\n{wanted}"


def _show_state(values: Mapping[str, StateValue]) -> str:
    return ", ".join(f"{name} == {value!r}" for name, value in values.items())
