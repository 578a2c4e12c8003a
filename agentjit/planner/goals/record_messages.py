"""The diagnostics of goal records."""

from __future__ import annotations

from dataclasses import dataclass

from agentjit.diagnostics import Diagnostic


@dataclass(frozen=True, kw_only=True)
class RecordSyntax(Diagnostic):
    """A line that is no goal record."""

    code = "goal-syntax"
    title = "the goal record cannot be read: {problem}"
    label = "here"
    hint = "write a tool's call with `for` what it is done to, or count, tell or read"
    explanation = (
        "A goal record is one line: what is done or asked, and of which things, by the names of "
        "tools and fields. The search makes the plan from it."
    )
    problem: str


@dataclass(frozen=True, kw_only=True)
class RecordProblem(Diagnostic):
    """A goal record that speaks of what the toolset does not have."""

    code = "goal-unknown-name"
    title = "{problem}"
    label = "not in the toolset"
    hint = "`agentjit tools list` shows the tools, their parameters and what they give"
    explanation = (
        "Every tool, parameter and field of a goal record must be in the toolset: the plan is made "
        "from them."
    )
    problem: str


@dataclass(frozen=True, kw_only=True)
class RecordInvented(Diagnostic):
    """A text in a goal record that the task does not have."""

    code = "goal-invented-slot"
    title = "{value} is not in the task"
    label = "invented"
    hint = "copy the slot from the task's own words"
    explanation = (
        "Slots of a goal record are copied from the task: names, texts to write, addresses, "
        "numbers. What the task does not say is not done in its name."
    )
    value: str


@dataclass(frozen=True, kw_only=True)
class RecordUnasked(Diagnostic):
    """A goal that changes something, without the task's own words for it."""

    code = "goal-unasked"
    title = "nothing in the task asks for {tool}(), which {harm}"
    label = "not asked for"
    hint = "only what the task asks for in its own words is done"
    explanation = (
        "A goal that changes something needs a verb of the task that means its tool, in a request "
        "and not in a question, a condition or a tale. Lists are read without any change."
    )
    tool: str
    #: What it would do: "cannot be taken back", or "changes the account".
    harm: str = "cannot be taken back"


@dataclass(frozen=True, kw_only=True)
class RecordMany(Diagnostic):
    """An irreversible goal for several things, or twice, where the task has no word for several."""

    code = "goal-unasked-many"
    title = "{tool}() for each of several things, and no word of the task asks for several"
    label = "irreversible"
    hint = "say `one` or `first N` in the record, or all or every in the task"
    explanation = (
        "What cannot be taken back is done to one thing, unless the task says all, each, every or "
        "both; or to as many as the task has a number for, where the record says `first N`. It is "
        "never done again with the same values."
    )
    tool: str


@dataclass(frozen=True, kw_only=True)
class RecordUnreachable(Diagnostic):
    """A goal to which no calls lead that the contracts allow."""

    code = "goal-unreachable"
    title = "there is no plan for the goal: {reason}"
    label = "no way there"
    hint = "`agentjit tools list` shows what each tool needs before it can be called"
    explanation = (
        "The search found no sequence of calls that the contracts allow and that ends in what the "
        "record asks for."
    )
    reason: str
