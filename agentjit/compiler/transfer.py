"""What one call demands of the facts before it, and does to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentjit.compiler.facts import (
    Atom,
    Fact,
    Facts,
    Literal,
    Something,
    Step,
    Symbol,
    extend_paths,
    in_turn,
    known,
    may_be_none,
    not_none,
    one_of,
    unknown,
)
from agentjit.compiler.ir import Call, Expr
from agentjit.toolspecs.contract import (
    Clause,
    Constant,
    Differs,
    Equals,
    Forgets,
    Known,
    OneOf,
    ParamRef,
    ResultRef,
)
from agentjit.toolspecs.jsontypes import Anything, Either, JsonType, Record, Scalar
from agentjit.toolspecs.tool import Tool


@dataclass(frozen=True, slots=True)
class Breach:
    """A clause that may not hold: the atom that breaks it (None: nothing is known), and a path."""

    clause: Clause
    atom: Atom | None
    path: Step | None


def atom_of(expr: Expr, facts: Facts) -> Atom | None:
    """The atom that a pure expression is known to be, if any."""
    if expr.literal:
        return Literal(expr.literal[0])
    return facts.env.get(expr.text)


def arguments_of(call: Call, tool: Tool, facts: Facts) -> Mapping[str, Atom | None]:
    """What is known of every argument of a call, defaults included."""
    found: dict[str, Atom | None] = {}
    for param in tool.params:
        if not param.required and isinstance(param.default, str | int | bool | None):
            found[param.name] = Literal(param.default)
    for name, expr in call.args:
        found[name] = atom_of(expr, facts)
    return found


def breaches(tool: Tool, facts: Facts, args: Mapping[str, Atom | None]) -> Iterator[Breach]:
    """The clauses of `requires` that do not hold on every path, one atom for each."""
    for clause in tool.requires:
        fact = facts.state[clause.var]
        if fact.atoms is None:
            if not _holds_of_anything(clause):
                yield Breach(clause, None, fact.path_of(None))
            continue
        for atom in in_turn(fact.atoms):
            if not holds(clause, atom, args):
                yield Breach(clause, atom, fact.path_of(atom))
                break


def holds(clause: Clause, atom: Atom, args: Mapping[str, Atom | None]) -> bool:
    """Whether the clause is certain for a variable whose value is this atom."""
    match clause:
        case Equals(value=Constant(value)):
            return atom == Literal(value)
        case Equals(value=ParamRef(name)):
            wanted = args.get(name)
            return wanted is not None and wanted == atom and not isinstance(atom, Something)
        case Differs(value=Constant(None)) | Known():
            return not may_be_none(atom)
        case Differs(value=Constant(value)):
            return isinstance(atom, Literal) and atom != Literal(value)
        case Differs(value=ParamRef(name)):
            other = args.get(name)
            return isinstance(atom, Literal) and isinstance(other, Literal) and atom != other
        case OneOf(values=values):
            return any(atom == Literal(v) for v in values)
        case _:
            return False


def _holds_of_anything(clause: Clause) -> bool:
    return isinstance(clause, Forgets)


def assume(tool: Tool, facts: Facts, args: Mapping[str, Atom | None]) -> Facts:
    """The facts where the requirements hold: so that one mistake is reported once."""
    for clause in tool.requires:
        fact = facts.state[clause.var]
        kept = [a for a in in_turn(fact.atoms or ()) if holds(clause, a, args)]
        if kept:
            narrowed = Fact(frozenset(kept), {a: fact.path_of(a) for a in kept})
            facts = facts.with_state(clause.var, narrowed)
        else:
            facts = facts.with_state(clause.var, _assign(clause, tool, args, _any_path(fact)))
    return facts


def apply(tool: Tool, call: Call, facts: Facts, args: Mapping[str, Atom | None]) -> Facts:
    """The facts after the call: `ensures` assigns, everything else keeps its value."""
    for param in tool.params:
        atom = args.get(param.name)
        if isinstance(atom, Symbol) and atom.nullable and not _nullable(param.type):
            # The runtime rejects None here, so after the call the value is known to be set.
            facts = not_none(facts, atom)
            args = {k: Symbol(atom.origin, atom.label) if v == atom else v for k, v in args.items()}
    facts = extend_paths(facts, call.tool, call.span)
    for clause in tool.ensures:
        path = _any_path(facts.state[clause.var])
        if isinstance(clause, Equals) and isinstance(clause.value, ResultRef):
            fact = known(_result_atom(clause.value, call, tool), path)
        else:
            fact = _assign(clause, tool, args, path)
        facts = facts.with_state(clause.var, fact)
    return facts


def _any_path(fact: Fact) -> Step | None:
    """The shortest of the paths that lead here."""
    return min(fact.paths.values(), key=lambda p: len(p.path()) if p else 0, default=None)


def _assign(clause: Clause, tool: Tool, args: Mapping[str, Atom | None], path: Step | None) -> Fact:
    match clause:
        case Equals(value=Constant(value)):
            return known(Literal(value), path)
        case Equals(value=ParamRef(name)):
            atom = args.get(name)
            if atom is not None:
                return known(atom, path)
            param = tool.param(name)
            # Nothing is known of the argument, except that a None would have been turned away.
            settable = param is None or _nullable(param.type)
            return unknown(path) if settable else known(Something(), path)
        case OneOf(values=values):
            return one_of(values, path)
        case Known():
            return known(Something(), path)
        case _:
            return unknown(path)


def _result_atom(ref: ResultRef, call: Call, tool: Tool) -> Atom:
    kind: JsonType | None = tool.returns
    for key in ref.path:
        field = kind.field(key) if isinstance(kind, Record) else None
        kind = field.type if field else None
    label = f"`{'.'.join((f'{call.tool}()', *ref.path))}`"
    return Symbol((call.id, str(ref)), label, nullable=kind is None or _nullable(kind))


def _nullable(kind: JsonType) -> bool:
    match kind:
        case Scalar("None") | Anything():
            return True
        case Scalar() | Record():
            return False
        case Either(members):
            return any(_nullable(m) for m in members)
        case _:
            return False


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
                return param is not None and _nullable(param.type)
            case Equals(value=ParamRef()), _:
                return True
            case ((Equals(value=ResultRef()) | Known()), (Known() | Differs(value=Constant(None)))):
                return True
            case _:
                continue
    return False
