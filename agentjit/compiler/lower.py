"""From Python's syntax tree to the intermediate form."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from agentjit.compiler.hoist import emit_call, hoist, refuse_target
from agentjit.compiler.idioms import lower_idioms
from agentjit.compiler.ir import Block, Break, Continue, For, If, Program, While
from agentjit.compiler.lowering import Lowering, frozen, load
from agentjit.compiler.messages import HiddenCall
from agentjit.compiler.mutation import refuse_mutation
from agentjit.compiler.names import binds, reads, writes
from agentjit.compiler.subset import is_tool_call
from agentjit.compiler.tree import walk
from agentjit.diagnostics import Diagnostic, in_order
from agentjit.source import Source
from agentjit.toolspecs.stubs import all_records
from agentjit.toolspecs.toolset import Toolset

#: The variable whose value is the plan's answer.
RESULT = "result"


def lower(tree: ast.Module, source: Source, toolset: Toolset) -> tuple[Program, list[Diagnostic]]:
    """The program, and what is wrong with it; the program is only good where nothing is."""
    bindings = Counter(
        n.id for n in walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )
    records = {r.name: r for r in all_records(toolset)}
    low = Lowering(source, toolset.by_name, records, bindings)
    refuse_mutation(tree, low)
    tree = lower_idioms(tree, low)
    helpers = tuple((s.name, ast.unparse(s)) for s in tree.body if isinstance(s, ast.FunctionDef))
    for helper in tree.body:
        if isinstance(helper, ast.FunctionDef):
            _refuse_calls(helper, low)
    steps = [s for s in tree.body if not isinstance(s, ast.FunctionDef)]
    body = _block(_with_result(steps), low)
    assigned = any(RESULT in binds(s) for s in steps)
    program = Program(source, body, helpers, RESULT if assigned else None)
    return program, in_order(low.diagnostics)


def _with_result(steps: list[ast.stmt]) -> list[ast.stmt]:
    """Without an assignment to `result`, the value of a last bare expression is the answer.

    Where only some paths assign it, it starts as None.
    """
    assigning = [s for s in steps if RESULT in binds(s)]
    if assigning:
        certain = any(isinstance(s, ast.Assign | ast.AnnAssign) for s in assigning)
        return steps if certain else [_assignment(ast.Constant(None), assigning[0]), *steps]
    if steps and isinstance(steps[-1], ast.Expr):
        steps[-1] = _assignment(steps[-1].value, steps[-1])
    return steps


def _assignment(value: ast.expr, at: ast.stmt) -> ast.stmt:
    target = ast.Name(RESULT, ast.Store())
    named = ast.copy_location(ast.Assign([target], value), at)
    return ast.fix_missing_locations(named)


def _block(stmts: Iterable[ast.stmt], low: Lowering) -> Block:
    with low.block() as out:
        for stmt in stmts:
            _stmt(stmt, low)
    return frozen(out)


def _stmt(stmt: ast.stmt, low: Lowering) -> None:
    match stmt:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return
        case ast.Break():
            low.out.append(Break(low.fresh_id(), low.span(stmt)))
        case ast.Continue():
            low.out.append(Continue(low.fresh_id(), low.span(stmt)))
        case ast.AnnAssign(value=None):
            return
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            # The annotation was for the type checker; the sandbox needs none.
            _stmt(ast.copy_location(ast.Assign([target], value), stmt), low)
        case ast.If() | ast.For() | ast.While() if low.calls(stmt) or _jumps_out(stmt):
            _region(stmt, low)
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            _assign(name, value, stmt, low)
        case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.Expr(value=value):
            _other(stmt, value, low)
        case _:
            low.compute(stmt, stmt)


def _assign(name: str, value: ast.expr, stmt: ast.stmt, low: Lowering) -> None:
    if isinstance(value, ast.Call) and is_tool_call(value, low.tools):
        emit_call(value, name, low)
        return
    low.let(name, hoist(value, low), stmt)


def _other(stmt: ast.Assign | ast.AugAssign | ast.Expr, value: ast.expr, low: Lowering) -> None:
    if isinstance(stmt, ast.Expr) and is_tool_call(value, low.tools):
        assert isinstance(value, ast.Call)
        emit_call(value, None, low)
        return
    match stmt:
        case ast.Assign(targets=targets) if any(low.calls(t) for t in targets):
            # Python evaluates the value first, then each target's operands as it comes to it.
            held = low.temp(hoist(value, low), value)
            for target in targets:
                _store(target, held, stmt, low)
            return
        case ast.AugAssign(target=ast.Subscript() as target) if low.calls(stmt):
            # Here the target comes first, and is read before the value is evaluated.
            place = hoist(target, low)
            assert isinstance(place, ast.Subscript)
            if low.calls(value):
                low.temp(ast.Subscript(place.value, place.slice, ast.Load()), target)
            stmt.target, stmt.value = place, hoist(value, low)
        case _:
            stmt.value = hoist(value, low)
            if isinstance(stmt, ast.Assign) and _one_by_one(stmt, low):
                return
    low.compute(stmt, stmt)


def _one_by_one(stmt: ast.Assign, low: Lowering) -> bool:
    """`a, b = x, y` as two assignments, so that each name's value can be followed."""
    match stmt:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            names = [t.id for t in targets if isinstance(t, ast.Name)]
        case _:
            return False
    starred = any(isinstance(value, ast.Starred) for value in values)
    if starred or len({*names}) != len(targets) or len(names) != len(values):
        return False
    # All values are computed before the first name is bound.
    overlap = reads(stmt.value) & {*names}
    held = [low.temp(value, stmt) if overlap else value for value in values]
    for name, value in zip(names, held, strict=True):
        low.let(name, value, stmt)
    return True


def _store(target: ast.expr, value: ast.expr, stmt: ast.stmt, low: Lowering) -> None:
    """Assign to one target, with the calls in its operands made when its turn comes."""
    match target:
        case ast.Name(id=name):
            low.let(name, value, stmt)
        case ast.Tuple(elts=elts) | ast.List(elts=elts) if low.calls(target):
            names = [ast.Name(low.fresh_name(), ast.Store()) for _ in elts]
            pattern: list[ast.expr] = [
                ast.Starred(held, ast.Store()) if isinstance(elt, ast.Starred) else held
                for held, elt in zip(names, elts, strict=True)
            ]
            unpack = ast.Assign([ast.Tuple(pattern, ast.Store())], value)
            low.compute(ast.copy_location(unpack, stmt), stmt)
            for held, elt in zip(names, elts, strict=True):
                inner = elt.value if isinstance(elt, ast.Starred) else elt
                _store(inner, load(held.id, stmt), stmt, low)
        case _:
            place = ast.Assign([hoist(target, low)], value)
            low.compute(ast.copy_location(place, stmt), stmt)


def _region(stmt: ast.If | ast.For | ast.While, low: Lowering) -> None:
    span = low.span(stmt)
    match stmt:
        case ast.If():
            test = low.expr(hoist(stmt.test, low), stmt.test)
            node = low.fresh_id()
            body, orelse = _block(stmt.body, low), _block(stmt.orelse, low)
            low.out.append(If(node, test, body, orelse, span))
        case ast.For():
            iterable = low.expr(hoist(stmt.iter, low), stmt.iter)
            refuse_target(stmt.target, low)
            target, names = ast.unparse(stmt.target), writes(stmt.target)
            node = low.fresh_id()
            body, orelse = _block(stmt.body, low), _block(stmt.orelse, low)
            low.out.append(For(node, target, names, iterable, body, orelse, span))
        case ast.While():
            node = low.fresh_id()
            with low.block() as prelude:
                test = low.expr(hoist(stmt.test, low), stmt.test)
            body, orelse = _block(stmt.body, low), _block(stmt.orelse, low)
            low.out.append(While(node, frozen(prelude), test, body, orelse, span))


def _jumps_out(stmt: ast.stmt) -> bool:
    """Whether the statement holds a break or continue of a loop around it."""
    if isinstance(stmt, ast.Break | ast.Continue):
        return True
    if isinstance(stmt, ast.For | ast.While):
        return any(_jumps_out(s) for s in stmt.orelse)
    if isinstance(stmt, ast.If):
        return any(_jumps_out(s) for s in (*stmt.body, *stmt.orelse))
    return False


def _refuse_calls(helper: ast.FunctionDef, low: Lowering) -> None:
    for node in walk(helper):
        if is_tool_call(node, low.tools):
            low.diagnostics.append(
                HiddenCall(
                    where="inside a helper function",
                    instead="call it in the plan itself and pass its result to the helper",
                    span=low.span(node),
                )
            )
