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
    """An irreversible goal without the task's own words for it."""

    code = "goal-unasked"
    title = "nothing in the task asks for {tool}(), which cannot be taken back"
    label = "irreversible"
    hint = "only what the task asks for in its own words is done for good"
    explanation = (
        "A goal that cannot be taken back needs a verb of the task that means its tool, in a "
        "request and not in a question, a condition or a tale."
    )
    tool: str
