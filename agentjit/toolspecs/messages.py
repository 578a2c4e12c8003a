"""The diagnostics of toolsets: broken contracts, and what lint has to say."""

from __future__ import annotations

from dataclasses import dataclass

from agentjit.diagnostics import Diagnostic


@dataclass(frozen=True, kw_only=True)
class ContractSyntax(Diagnostic):
    """A contract that the grammar cannot derive."""

    code = "contract-syntax"
    title = "this contract does not parse: found {found}, expected {expected}"
    label = "here"
    hint = (
        "clauses are `var == value`, `var != value`, `var in {{a, b}}`, `var known`, `forgets var`"
    )
    explanation = (
        "A contract is a list of clauses joined by commas; the comma means and. A clause "
        "compares one state variable with a literal, with $parameter, or (in `ensures`) with "
        "result.field. There is no `or`, no arithmetic and no nesting: alternatives are written "
        "`var in {'a', 'b'}`."
    )
    found: str
    expected: str


@dataclass(frozen=True, kw_only=True)
class ToolDiagnostic(Diagnostic):
    """The base of diagnostics about one tool of a toolset."""

    tool: str


@dataclass(frozen=True, kw_only=True)
class ToolSignature(ToolDiagnostic):
    """A tool whose Python signature cannot be used."""

    code = "tool-signature"
    title = "{tool}: {problem}"
    hint = (
        "a tool is `async def name(page: Page, argument: str, …) -> JSON type` with a docstring; "
        "arguments and results are str, int, float, bool, None, list, dict, Literal or TypedDict"
    )
    explanation = (
        "A tool is a module-level async function. Its first parameter is Playwright's page; "
        "every other parameter and the result have JSON types, so that plans can be checked "
        "before they run and values can be kept in journals. The docstring's first sentence "
        "tells planners what the tool does."
    )
    problem: str


@dataclass(frozen=True, kw_only=True)
class BadOption(ToolDiagnostic):
    """An option of `@tool` whose value is not of its kind."""

    code = "bad-option"
    title = "{tool}: {option}={value} {problem}"
    explanation = (
        "Options of @tool that hold something else than they should would be misread later, and "
        'silently: writes="cart" is a collection of four letters to Python, and a timeout of 0 '
        "fails every call."
    )
    option: str
    value: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class UnknownVariable(ToolDiagnostic):
    """A contract that speaks of a variable the state model lacks."""

    code = "unknown-variable"
    title = "{tool}: the state model has no variable `{variable}`"
    label = "not declared"
    hint = "declare it in the StateModel, or use one of: {known}"
    explanation = (
        "Contracts may only name variables that the toolset's StateModel declares; a misspelt name "
        "would otherwise be a condition that nothing can ever meet."
    )
    variable: str
    known: str


@dataclass(frozen=True, kw_only=True)
class ImpossibleValue(ToolDiagnostic):
    """A contract that compares a variable with a value it never holds."""

    code = "impossible-value"
    title = "{tool}: `{variable}` can never be {value}"
    label = "{variable} is {domain}"
    hint = "use a value of its type, or add the value to the variable's `values`"
    explanation = (
        "The value does not belong to the variable's declared type or enumeration, so the clause "
        "could never hold (or would assign nonsense)."
    )
    variable: str
    value: str
    domain: str


@dataclass(frozen=True, kw_only=True)
class BadReference(ToolDiagnostic):
    """A `$parameter` or `result.field` that does not exist, or stands on the wrong side."""

    code = "bad-reference"
    title = "{tool}: `{reference}` {problem}"
    explanation = (
        "`$name` must name a parameter of the tool; `result.field` must name a field of its result "
        "and may stand only in `ensures`, for there is no result before the call."
    )
    reference: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class WrongSide(ToolDiagnostic):
    """A clause that makes no sense on its side of the contract."""

    code = "wrong-side"
    title = "{tool}: `{clause}` cannot stand in `{side}`"
    hint = "{reason}"
    explanation = (
        "`forgets x` describes the state after a call, so it belongs in `ensures`. `x != v` does "
        "not say what x is, so it may only be required; in `ensures` say what x becomes, or that "
        "it is forgotten."
    )
    clause: str
    side: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContradictoryContract(ToolDiagnostic):
    """Two clauses of one side that cannot hold together."""

    code = "contradictory-contract"
    title = "{tool}: `{first}` and `{second}` cannot both hold"
    hint = "clauses are joined by and; use `in {{…}}` for alternatives"
    explanation = (
        "The comma between clauses means and. In `requires`, clauses that exclude each other can "
        "never be met, so no plan could call the tool; in `ensures`, they promise what no page can "
        "show. There, a variable also gets one value only: two different ones are a contradiction "
        "even where they might happen to be equal."
    )
    first: str
    second: str


@dataclass(frozen=True, kw_only=True)
class EffectMismatch(ToolDiagnostic):
    """A tool whose effect class and contract disagree."""

    code = "effect-mismatch"
    title = "{tool}: is declared {effect}, but {problem}"
    hint = "{remedy_text}"
    explanation = (
        "READ changes nothing, NAVIGATE changes only tab variables, WRITE and COMMIT change the "
        "account. The planner inserts, repeats and hedges calls by their effect, so a wrong one is "
        "dangerous. The effect is held against `ensures` (does it change an account variable?), "
        "against `writes`, and against `idempotent` and `resets_tab`."
    )
    effect: str
    problem: str
    remedy_text: str


@dataclass(frozen=True, kw_only=True)
class UnreachablePrecondition(ToolDiagnostic):
    """A requirement that neither the start state nor any tool can establish."""

    code = "unreachable-precondition"
    title = "{tool}: nothing can establish `{clause}`"
    label = "no tool ensures it and it does not hold at the start"
    hint = "add a tool that ensures it, or correct the clause"
    explanation = (
        "No plan could ever call this tool: its requirement is not true at the start, and no tool "
        "that can itself be called makes it true with `ensures`. Often the `ensures` of the tool "
        "that leads there is missing, or has a typing error."
    )
    clause: str


@dataclass(frozen=True, kw_only=True)
class BadProvenance(ToolDiagnostic):
    """A `From(…)` that names no value of any READ tool."""

    code = "bad-provenance"
    title = "{tool}: the origin {origin!r} of `{parameter}` {problem}"
    hint = 'write From("read_tool[].field") for a field of each element of a READ tool\'s result'
    explanation = (
        "From(…) says where an argument's value must come from: a path into the result of a READ "
        "tool of the same toolset, `tool[].field` for a field of each element of a list, "
        "`tool.field` for one record. What it leads to must have a type that the parameter takes. "
        "The compiler rejects arguments that come from nowhere."
    )
    parameter: str
    origin: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class BadCommit(ToolDiagnostic):
    """A COMMIT whose `verify` or `terms` is not a usable READ tool."""

    code = "bad-commit"
    title = "{tool}: {role}={named!r} {problem}"
    hint = "name a READ tool of this toolset that can be called without arguments"
    explanation = (
        "`terms` names the READ tool whose result is shown when approval is asked; `verify` "
        "names the READ tool that settles whether a lost call took effect. Both are called by "
        "the runtime, in the tab of the call, so they must be READ tools without required "
        "arguments, and what `terms` requires must not contradict what the call requires."
    )
    role: str
    named: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class NameClash(ToolDiagnostic):
    """Two tools of one name, or a tool that hides a built-in of the plan language."""

    code = "name-clash"
    title = "{tool}: {problem}"
    hint = "rename the tool"
    explanation = (
        "Plans call tools by their names, so names are unique and may not hide the plan language's "
        "own functions (min, len, ai_eval, …) or Python's keywords."
    )
    problem: str


@dataclass(frozen=True, kw_only=True)
class BadStateModel(Diagnostic):
    """A state variable that is declared wrongly."""

    code = "bad-state-model"
    title = "state variable `{variable}`: {problem}"
    explanation = (
        "Variable names are unique identifiers; the start value, where there is one, belongs to "
        "the variable's type. `in`, `known`, `forgets` and `result` are words of the contract "
        "language."
    )
    variable: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class BadToolset(Diagnostic):
    """A part of a Toolset that is not what it should be."""

    code = "bad-toolset"
    title = "the toolset's `{part}` {problem}"
    explanation = (
        "A Toolset has a name and a title, a StateModel, an async observe(page) that returns a "
        "dict, and a tuple of tools, each made by @tool. An async function without the decorator "
        "has no contract, so it is no tool."
    )
    part: str
    problem: str
