"""What one call demands of the facts before it, and does to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentjit.compiler.atoms import (
    ANYTHING,
    Atom,
    Definition,
    Literal,
    Something,
    Symbol,
    belief_of,
    in_turn,
    literal,
    may_be_none,
    narrow,
    same_value,
)
from agentjit.compiler.believing import belief_of_type
from agentjit.compiler.changing import changes
from agentjit.compiler.defining import bind, learn, retire
from agentjit.compiler.facts import Fact, Facts, Step, extend_paths, known, one_of, unknown
from agentjit.compiler.ir import Call
from agentjit.compiler.names import label_of
from agentjit.compiler.numbering import field_of, value_of
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
)
from agentjit.toolspecs.jsontypes import JsonType, Record
from agentjit.toolspecs.state import StateModel, StateValue, StateVar
from agentjit.toolspecs.tool import Tool


@dataclass(frozen=True, slots=True)
class Breach:
    """A clause that may not hold: the atom that breaks it (None: nothing is known), and a path."""

    clause: Clause
    atom: Atom | None
    path: Step | None


@dataclass(frozen=True, slots=True)
class Entered:
    """A call whose arguments have been taken: the facts there, and what is known of each."""

    facts: Facts
    args: Mapping[str, Atom]


def enter(call: Call, tool: Tool, facts: Facts, *, again: bool) -> Entered | None:
    """The call's arguments, defaults included; None where the runtime turns them away for sure.

    Arguments are validated before anything else is looked at: where the call goes on, they are of
    their parameters' types. `again`: the call has been followed before.
    """
    if again:
        changed = frozenset(Definition(call.id, _unnamed(name)) for name, _ in call.args)
        facts = retire(facts, changed | {_result(call).origin}, call.id)
    written = dict(call.args)
    # Where one argument changes something, another is what it was before that, or after.
    unsure = any(changes(expr.text) for expr in written.values())
    args: dict[str, Atom] = {}
    for param in tool.params:
        expr = written.get(param.name)
        if expr is None:
            if not param.required and isinstance(param.default, str | int | bool | None):
                args[param.name] = literal(param.default)
            continue
        unnamed = Symbol(Definition(call.id, _unnamed(param.name)), f"`{expr.text}`")
        known_as = None if unsure and not expr.literal else value_of(expr, facts)
        atom = known_as or unnamed
        belief = belief_of_type(param.type)
        taken = narrow(atom, belief)
        learnt = learn(facts, atom, belief) if isinstance(atom, Symbol) else facts
        if taken is None or learnt is None:
            return None
        facts, args[param.name] = learnt, taken
    return Entered(facts, args)


def _unnamed(parameter: str) -> str:
    return f"*{parameter}"


def _result(call: Call) -> Symbol:
    return Symbol(Definition(call.id, "*result"), f"`{call.tool}()`")


def breaches(tool: Tool, entered: Entered, model: StateModel) -> Iterator[Breach]:
    """The clauses of `requires` that do not hold on every path, one atom for each."""
    for clause in tool.requires:
        fact = entered.facts.state[clause.var]
        variable = model.get(clause.var)
        if fact.atoms is None:
            if not _holds_of_anything(clause, variable):
                yield Breach(clause, None, fact.path_of(None))
            continue
        for atom in in_turn(fact.atoms):
            if not holds(clause, atom, entered.args, variable):
                yield Breach(clause, atom, fact.path_of(atom))
                break


def holds(
    clause: Clause, atom: Atom, args: Mapping[str, Atom], variable: StateVar | None = None
) -> bool:
    """Whether the clause is certain for a variable whose value is this atom."""
    match clause:
        case Equals(value=Constant(value)):
            return _is_among(atom, (value,), variable)
        case Equals(value=ParamRef(name)):
            return name in args and same_value(atom, args[name])
        case Known() | Differs(value=Constant(None)):
            return not may_be_none(atom)
        case Differs(value=Constant(value)):
            return _differ(atom, literal(value))
        case Differs(value=ParamRef(name)):
            return name in args and _differ(atom, args[name])
        case OneOf(values=values):
            return _is_among(atom, values, variable)
        case _:
            return False


def _is_among(atom: Atom, values: tuple[StateValue, ...], variable: StateVar | None) -> bool:
    belief = belief_of(atom)
    possible = belief.among or _domain(variable)
    if possible is None:
        return False
    wanted = {literal(v) for v in values}
    return all(v in wanted for v in possible if belief.admits(v))


def _domain(variable: StateVar | None) -> frozenset[Literal] | None:
    """Every value that the variable can have, where these are few."""
    if variable is None or not (variable.values or variable.type is bool):
        return None
    values = variable.values or (True, False)
    return frozenset(literal(v) for v in (*values, None))


def _differ(one: Atom, other: Atom) -> bool:
    """Whether the two are certain to be different; texts differ by more than case and spacing."""
    left, right = belief_of(one), belief_of(other)
    if left.among is not None and right.among is not None:
        return not {_loosely(v) for v in left.among} & {_loosely(v) for v in right.among}
    for some, rest in ((left, right), (right, left)):
        # None and truth have no spelling; of a text only its own spelling is ruled out.
        if some.among is not None and not any(rest.admits(v) or v.kind is str for v in some.among):
            return True
    return False


def _loosely(value: Literal) -> tuple[object, ...]:
    if isinstance(value.value, str):
        return (str, " ".join(value.value.casefold().split()))
    return value


def _holds_of_anything(clause: Clause, variable: StateVar | None) -> bool:
    domain = _domain(variable)
    return domain is not None and all(holds(clause, v, {}) for v in domain)


def assume(tool: Tool, entered: Entered, model: StateModel) -> Facts:
    """The facts where the requirements hold: so that one mistake is reported once."""
    facts, args = entered.facts, entered.args
    for clause in tool.requires:
        fact, variable = facts.state[clause.var], model.get(clause.var)
        kept = [a for a in in_turn(fact.atoms or ()) if holds(clause, a, args, variable)]
        if kept:
            narrowed = Fact(frozenset(kept), {a: fact.path_of(a) for a in kept})
            facts = facts.with_state(clause.var, narrowed)
        elif fact.atoms is not None or not _holds_of_anything(clause, variable):
            facts = facts.with_state(clause.var, _assign(clause, args, _any_path(fact)))
    return facts


def apply(tool: Tool, call: Call, facts: Facts, args: Mapping[str, Atom]) -> Facts:
    """The facts after the call: `ensures` assigns, everything else keeps its value."""
    facts = extend_paths(facts, call.tool, call.span)
    for clause in tool.ensures:
        path = _any_path(facts.state[clause.var])
        if isinstance(clause, Equals) and isinstance(clause.value, ResultRef):
            fact = known(_result_atom(clause.value, call, tool, facts), path)
        else:
            fact = _assign(clause, args, path)
        facts = facts.with_state(clause.var, fact)
    if call.target is None:
        return facts
    result = _result(call)
    label = label_of(call.target, result.label)
    belief = belief_of_type(tool.returns)
    return bind(facts, call.target, Symbol(result.origin, label, belief))


def _any_path(fact: Fact) -> Step | None:
    """The shortest of the paths that lead here."""
    return min(fact.paths.values(), key=lambda p: p.length if p else 0, default=None)


def _assign(clause: Clause, args: Mapping[str, Atom], path: Step | None) -> Fact:
    match clause:
        case Equals(value=Constant(value)):
            return known(literal(value), path)
        case Equals(value=ParamRef(name)) if name in args:
            return known(args[name], path)
        case OneOf(values=values):
            return one_of(values, path)
        case Known():
            return known(Something(), path)
        case _:
            return unknown(path)


def _result_atom(ref: ResultRef, call: Call, tool: Tool, facts: Facts) -> Atom:
    """What the call returned, or a field of it, as the plan itself would read it."""
    kind: JsonType | None = tool.returns
    for key in ref.path:
        field = kind.field(key) if isinstance(kind, Record) else None
        kind = field.type if field and field.required else None
    belief = belief_of_type(kind) if kind is not None else ANYTHING
    return field_of(_result(call), ref.path, facts, belief)


def establishes(tool: Tool, clause: Clause) -> bool:
    """Whether the tool's `ensures` can make a requirement of another tool true."""
    for given in tool.ensures:
        if given.var != clause.var:
            continue
        match given, clause:
            case Equals(value=Constant(v)), Equals(value=Constant(w)):
                return v == w
            case Equals(value=Constant(v)), OneOf(values=wanted):
                return v in wanted
            case OneOf(values=values), OneOf(values=wanted):
                return set(values) <= set(wanted)
            case Equals(value=Constant(v)), Known():
                return v is not None
            case Equals(value=Constant(v)), Differs(value=Constant(w)):
                return v != w
            case Equals(value=ParamRef(name)), Equals(value=Constant(None)):
                param = tool.param(name)
                return param is not None and belief_of_type(param.type).nullable
            case Equals(value=ParamRef()), _:
                return True
            case ((Equals(value=ResultRef()) | Known()), (Known() | Differs(value=Constant(None)))):
                return True
            case _:
                continue
    return False
