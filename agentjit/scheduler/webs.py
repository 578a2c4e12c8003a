"""Tell apart the values that one name holds one after another, so that reuse makes no dependence.

A web is a set of definitions with all the uses that they reach. Every web gets a name of its own;
what a loop binds and nobody else reads is then a name that occurs in that loop alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeAlias

from agentjit.compiler.cfg import Cfg, Point, build_cfg, reads_of
from agentjit.compiler.ir import (
    Ask,
    Block,
    Call,
    Compute,
    Expr,
    For,
    If,
    Let,
    NodeId,
    Program,
    Stmt,
    While,
)
from agentjit.scheduler.exposure import exposure_of, read_by_helpers
from agentjit.scheduler.rewriting import rename_free
from agentjit.scheduler.unions import Unions

#: A definition of a name at a node, or (node 0) the name before any.
_Definition: TypeAlias = tuple[int, str]
_Names: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Renaming:
    """For each node, the new names of what it reads, and of what it binds."""

    uses: Mapping[NodeId, _Names]
    binds: Mapping[NodeId, _Names]


def split_names(program: Program) -> Program:
    """The same program with one name for each web. Node ids and spans stay."""
    cfg = build_cfg(program)
    fixed = frozenset[str]().union(*read_by_helpers(program).values(), *_in_targets(cfg))
    reaching = _reaching(cfg)
    webs: Unions[_Definition] = Unions()
    used: dict[NodeId, dict[str, _Definition]] = {}
    for point in cfg.points:
        if point.stmt is None:
            continue
        bound = _binds(point)
        for name in bound[0] | bound[1]:
            webs.find((point.stmt.id, name))
        for name in _uses(point):
            definitions = reaching[point.index].get(name, frozenset(((0, name),)))
            some = webs.join_all(definitions)
            used.setdefault(point.stmt.id, {})[name] = some
            if isinstance(point.stmt, Compute) and name in bound[0] | bound[1]:
                webs.join(some, (point.stmt.id, name))
    final: _Definition | None = None
    if program.result is not None:
        at_end = reaching[-1].get(program.result)
        final = webs.join_all(at_end) if at_end else None
    for definition in list(webs):
        if definition[1] in fixed:
            webs.join(definition, (0, definition[1]))
    named = _name_webs(webs, final)
    if all(new == old for (_, old), new in named.items()):
        return program
    binds: dict[NodeId, dict[str, str]] = {}
    for (node, name), new in named.items():
        binds.setdefault(NodeId(node), {})[name] = new
    uses = {n: {name: named[webs.find(d)] for name, d in u.items()} for n, u in used.items()}
    return replace(program, body=_block(program.body, _Renaming(uses, binds)))


def _in_targets(cfg: Cfg) -> Iterator[frozenset[str]]:
    """The names that loops read to find the place that they bind: `for x[i] in …`."""
    for point in cfg.points:
        if isinstance(point.stmt, For):
            yield exposure_of(f"{point.stmt.target} = 0").reads


def _uses(point: Point) -> frozenset[str]:
    match point.stmt:
        case Compute(text=text):
            return exposure_of(text).reads
        case For() if not point.entry:
            return frozenset()
        case stmt:
            return reads_of(stmt)


def _binds(point: Point) -> tuple[frozenset[str], frozenset[str]]:
    """The names that are certainly bound, and those that may be."""
    match point.stmt:
        case Let(target=target):
            return frozenset((target,)), frozenset()
        case Call(target=str(target)) | Ask(target=str(target)):
            return frozenset((target,)), frozenset()
        case For(writes=names) if not point.entry:
            return names, frozenset()
        case Compute(text=text):
            found = exposure_of(text)
            return found.certain, found.binds - found.certain
        case _:
            return frozenset(), frozenset()


def _reaching(cfg: Cfg) -> list[dict[str, frozenset[_Definition]]]:
    """The definitions of each name that may be in force before each point."""
    before: list[dict[str, frozenset[_Definition]]] = [{} for _ in cfg.points]
    todo = [p.index for p in reversed(cfg.points)]
    while todo:
        point = cfg.points[todo.pop()]
        after = dict(before[point.index])
        if point.stmt is not None:
            certain, perhaps = _binds(point)
            here = point.stmt.id
            after |= {name: frozenset(((here, name),)) for name in certain}
            for name in perhaps:
                after[name] = after.get(name, frozenset()) | {(here, name)}
        for successor, _ in point.successors:
            known = before[successor]
            grown = {n: known.get(n, frozenset()) | d for n, d in after.items()}
            if any(known.get(n) != d for n, d in grown.items()):
                before[successor] = {**known, **grown}
                todo.append(successor)
    return before


def _name_webs(webs: Unions[_Definition], final: _Definition | None) -> dict[_Definition, str]:
    """A name for each definition: the first web of a name keeps it, the answer's before all."""
    taken = {name for _, name in webs}
    chosen: dict[_Definition, str] = {}
    if final is not None:
        chosen[webs.find(final)] = final[1]
    kept = set(chosen.values())
    named: dict[_Definition, str] = {}
    for definition in sorted(webs):
        root, name = webs.find(definition), definition[1]
        if root not in chosen:
            if name in kept:
                fresh = (f"{name}_{number}" for number in count(2))
                name = next(n for n in fresh if n not in taken)
                taken.add(name)
            kept.add(name)
            chosen[root] = name
        named[definition] = chosen[root]
    return named


def _block(block: Block, names: _Renaming) -> Block:
    return tuple(_stmt(stmt, names) for stmt in block)


def _stmt(stmt: Stmt, names: _Renaming) -> Stmt:
    uses, binds = names.uses.get(stmt.id, {}), names.binds.get(stmt.id, {})
    match stmt:
        case Let():
            target = binds.get(stmt.target, stmt.target)
            return replace(stmt, target=target, value=_expr(stmt.value, uses))
        case Compute():
            both = {**uses, **binds}
            return replace(
                stmt,
                text=rename_free(stmt.text, both, mode="exec"),
                reads=_all(stmt.reads, both),
                writes=_all(stmt.writes, both),
            )
        case Call():
            args = _pairs(stmt.args, uses)
            return replace(stmt, target=_target(stmt.target, binds), args=args)
        case Ask():
            return replace(
                stmt,
                target=_target(stmt.target, binds),
                question=_expr(stmt.question, uses),
                values=_pairs(stmt.values, uses),
            )
        case If():
            body, orelse = _block(stmt.body, names), _block(stmt.orelse, names)
            return replace(stmt, test=_expr(stmt.test, uses), body=body, orelse=orelse)
        case For():
            body, orelse = _block(stmt.body, names), _block(stmt.orelse, names)
            return replace(
                stmt,
                target=rename_free(f"{stmt.target} = 0", binds, mode="exec").rpartition(" =")[0],
                writes=_all(stmt.writes, binds),
                iterable=_expr(stmt.iterable, uses),
                body=body,
                orelse=orelse,
            )
        case While():
            return replace(
                stmt,
                prelude=_block(stmt.prelude, names),
                test=_expr(stmt.test, uses),
                body=_block(stmt.body, names),
                orelse=_block(stmt.orelse, names),
            )
        case _:
            return stmt


def _expr(expr: Expr, uses: _Names) -> Expr:
    text = rename_free(expr.text, uses)
    return replace(expr, text=text, reads=_all(expr.reads, uses))


def _pairs(pairs: Iterable[tuple[str, Expr]], uses: _Names) -> tuple[tuple[str, Expr], ...]:
    return tuple((name, _expr(expr, uses)) for name, expr in pairs)


def _target(name: str | None, binds: _Names) -> str | None:
    return None if name is None else binds.get(name, name)


def _all(names: frozenset[str], new: _Names) -> frozenset[str]:
    return frozenset(new.get(n, n) for n in names)
