"""The diagnostics of plans: outside the language, badly typed, or against a contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agentjit.diagnostics import Diagnostic, Severity

#: What to do about the type checker's findings, by its rules.
_BY_RULE: Final[Mapping[str, str]] = {
    "unresolved-reference": "assign the name before this line; a text stands in quotes",
    "invalid-argument-type": "pass a value of the expected type; test first what may be None",
    "not-subscriptable": "index texts, lists and dicts only; test first what may be None",
    "unsupported-operator": "bring both sides to one type; test first what may be None",
    "sandbox": "write it in a simpler way",
    "checker": "write it in a simpler way",
}


@dataclass(frozen=True, kw_only=True)
class PlanSyntax(Diagnostic):
    """A plan that is not Python."""

    code = "plan-syntax"
    title = "the plan is not valid Python: {problem}"
    label = "here"
    hint = (
        "mend this line, or the one before it: brackets, quotes, indentation, the place of a word"
    )
    explanation = (
        "Plans are written in a small subset of Python, so they must first of all be Python. The "
        "message is the Python parser's own."
    )
    problem: str


@dataclass(frozen=True, kw_only=True)
class PlanTooLarge(Diagnostic):
    """A plan beyond the language's limits."""

    code = "plan-too-large"
    title = "the plan is too large: {what} is {size}, the limit is {limit}"
    label = "beyond the limit"
    hint = "split the task, or use a loop instead of repeating statements"
    explanation = (
        "Plans are at most 64 KiB of text and nested at most 20 deep, have at most 2,000 "
        "statements, 500 calls of tools and 200 names, and at most 200 operands and clauses in one "
        "expression. Real plans are tens of lines; larger texts are rejected before they can cost "
        "time."
    )
    what: str
    size: int
    limit: int


@dataclass(frozen=True, kw_only=True)
class OutsideLanguage(Diagnostic):
    """A Python construct that the plan language leaves out."""

    code = "outside-language"
    title = "{construct} is not part of the plan language"
    label = "not allowed"
    hint = "{instead}"
    explanation = (
        "Plans are straight-line code over JSON values: assignments, for, while, if, "
        "expressions, the usual built-in functions and the methods of str, list, dict and set. "
        "What is left out is left out so that every tool call can be seen, checked and scheduled "
        "before anything runs: no imports, classes, try, with, async, attribute access other "
        "than known methods, no names with double underscores."
    )
    construct: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class UnknownFunction(Diagnostic):
    """A call of something that is neither a tool nor a built-in."""

    code = "unknown-function"
    title = "there is no tool or built-in function called `{name}`"
    label = "unknown"
    hint = "the tools are: {tools}"
    explanation = (
        "A plan may call the tools of its toolset, ai_eval, its own pure helper functions and "
        "Python's pure built-ins. Nothing else exists, so a call of anything else cannot run."
    )
    name: str
    tools: str


@dataclass(frozen=True, kw_only=True)
class BadArguments(Diagnostic):
    """A tool call whose arguments do not fit the signature."""

    code = "bad-arguments"
    title = "{tool}() {problem}"
    label = "this call"
    hint = "its signature is {signature}"
    explanation = (
        "The arguments of a tool call must fit the tool's signature: each required one given once, "
        "no unknown names, no * or **."
    )
    tool: str
    problem: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class ShadowedName(Diagnostic):
    """An assignment to the name of a tool or a built-in."""

    code = "shadowed-name"
    title = "`{name}` is the name of a {kind}; a plan may not assign to it"
    label = "a {kind}'s name"
    hint = "choose another name, here and wherever it is used"
    explanation = (
        "If tool names could be rebound, a reader (and the checker) could no longer tell which "
        "calls act on the site."
    )
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class HiddenCall(Diagnostic):
    """A tool call in a place where it cannot be given an order."""

    code = "hidden-call"
    title = "a tool may not be called {where}"
    label = "this call"
    hint = "{instead}"
    explanation = (
        "Every tool call is lifted out of the expression around it, in Python's order of "
        "evaluation. Inside a lambda, a helper function or a lazily consumed generator there is "
        "no fixed point at which the call would happen, so the checker could not follow the "
        "site's state."
    )
    where: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class MutationInExpression(Diagnostic):
    """A change in place whose moment cannot be kept."""

    code = "mutation-in-expression"
    title = "a value may not be changed in the middle of an expression"
    label = "changed here"
    hint = "change a list in a statement of its own"
    explanation = (
        "Tool calls are lifted out of the expression around them, and next(…) takes all elements "
        "of its generator at once. What the rest of the expression reads must not change in "
        "between, so a method such as pop or append (or a helper that uses one on what it is "
        "given) stands there only as the whole statement or the whole value that is assigned."
    )


@dataclass(frozen=True, kw_only=True)
class ChangedWhileLooping(Diagnostic):
    """A loop with tool calls whose list changes in its body."""

    code = "changed-while-looping"
    title = "`{name}` is changed inside the loop that goes over it"
    label = "changed here"
    hint = "loop over a copy, `for … in list({name})`, or collect into another list"
    explanation = (
        "A loop with tool calls goes over the elements that there are when it begins; in Python "
        "it would see elements come and go. The two agree where the list stays as it is."
    )
    name: str


@dataclass(frozen=True, kw_only=True)
class TypeMismatch(Diagnostic):
    """A plan that the type checker rejects."""

    code = "type-mismatch"
    title = "{problem}"
    label = "{rule}"
    hint = "go by the types in the tools' signatures and by the keys of their records"
    explanation = (
        "The plan is type checked (by ty, inside Monty) against stubs made from the toolset: "
        "argument types, keys of records, results that may be None."
    )
    problem: str
    rule: str

    @property
    def remedy(self) -> str:
        """The type checker's own advice, or what helps against findings of its rule."""
        return self.advice or _BY_RULE.get(self.rule, self.hint)


@dataclass(frozen=True, kw_only=True)
class PreconditionNotMet(Diagnostic):
    """A tool call whose precondition does not hold on every path that leads to it."""

    code = "precondition-not-met"
    title = "{tool}() requires `{clause}`, but here {actual}"
    label = "requires {clause}"
    explanation = (
        "Each tool declares what must hold before it is called. The checker follows the site's "
        "state along every path of the plan (both branches of an if, zero and more rounds of a "
        "loop); the requirement must hold on all of them. The note shows a path on which it does "
        "not, and the hint names the tools that would establish it."
    )
    tool: str
    clause: str
    actual: str
    #: The calls on a path that breaks it, in order, each with its line; "N more" in a long one.
    path: tuple[str, ...]
    #: Tools whose `ensures` would establish the clause.
    establishers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InventedArgument(Diagnostic):
    """An argument that stands neither in the task nor in any tool's answer."""

    code = "invented-argument"
    title = "{tool}(): {value} for `{parameter}` comes from nowhere"
    label = "neither in the task nor read from the site"
    hint = "take it from {origin}, or use a text that the task itself contains"
    explanation = (
        "Some parameters declare where their values come from. A literal is accepted there only "
        "if the task's own words contain it, and a text that is put together from literals not "
        "at all; otherwise the plan would act on a value that somebody made up."
    )
    tool: str
    parameter: str
    value: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class UnassignedName(Diagnostic):
    """A name that is read before it can have a value."""

    code = "unassigned-name"
    title = "`{name}` has no value yet when it is read here"
    label = "read before it is assigned"
    hint = "assign it before this line"
    explanation = (
        "On every path that comes here for the first time the name is still unbound: it gets its "
        "value further down, in a loop's later rounds at best. The plan would stop here, possibly "
        "after it has already done something."
    )
    name: str


@dataclass(frozen=True, kw_only=True)
class PossiblyUnassigned(Diagnostic):
    """A name that has a value on some paths only."""

    code = "possibly-unassigned"
    title = "`{name}` may have no value when it is read here"
    label = "on some path it is not assigned"
    hint = "give it a value before the branch or loop: {name} = None"
    severity = Severity.WARNING
    explanation = (
        "There is a path to this line that does not assign the name: a branch that is not taken, a "
        "loop over an empty list. The plan stops there if the site's answers lead it that way. "
        "Nothing is wrong as long as they do not, so this is a warning."
    )
    name: str


@dataclass(frozen=True, kw_only=True)
class PageCommitted(Diagnostic):
    """What a page said reaches an irreversible call."""

    code = "page-text-committed"
    title = "{tool}(): `{parameter}` holds what {sources} read from the site"
    label = "untrusted"
    severity = Severity.NOTE
    explanation = (
        "What a page says is data: it cannot add a step to a plan. But here it is sent on by a "
        "call that cannot be undone, so that whoever wrote the page has a say in what is sent. "
        "It is shown again when the call is to be granted."
    )
    tool: str
    parameter: str
    sources: str


@dataclass(frozen=True, kw_only=True)
class AnswerCommitted(Diagnostic):
    """What the model said reaches an irreversible call."""

    code = "model-answer-committed"
    title = "{tool}(): `{parameter}` holds what {sources} said"
    label = "untrusted"
    hint = "take it from the task or from a tool's answer, where it can be had there"
    severity = Severity.WARNING
    explanation = (
        "A model's answer can be wrong, or be led astray by a page that it was shown. Here it is "
        "sent on by a call that cannot be undone. It is shown again when the call is to be "
        "granted; a value that the task itself names, or that a tool reads, needs no such trust."
    )
    tool: str
    parameter: str
    sources: str
