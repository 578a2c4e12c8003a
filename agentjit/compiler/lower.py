"""From Python's syntax tree to the intermediate form."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from agentjit.compiler.hoist import emit_call, hoist
from agentjit.compiler.idioms import lower_idioms
from agentjit.compiler.ir import Block, Break, Continue, For, If, Program, While
from agentjit.compiler.lowering import Lowering, frozen
from agentjit.compiler.messages import HiddenCall
from agentjit.compiler.names import mutates, writes
from agentjit.compiler.subset import is_tool_call
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source
from agentjit.toolspecs.stubs import all_records
from agentjit.toolspecs.toolset import Toolset

#: The variable whose value is the plan's answer.
RESULT = "result"


def lower(
    tree: ast.Module, source: Source, toolset: Toolset
) -> tuple[Program, list[Diagnostic]]:
    """The program, and what is wrong with it; the program is only good where nothing is."""
    bindings = Counter(
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    )
    records = {r.name: r for r in all_records(toolset)}
    low = Lowering(source, toolset.by_name, records, bindings)
    tree = lower_idioms(tree, low)
    helpers = tuple(
        (s.name, ast.unparse(s)) for s in tree.body if isinstance(s, ast.FunctionDef)
    )
    for helper in tree.body:
        if isinstance(helper, ast.FunctionDef):
            _refuse_calls(helper, low)
    body = _block([s for s in _with_result(tree) if not isinstance(s, ast.FunctionDef)], low)
    assigned = RESULT in bindings or any(RESULT in writes(s) for s in tree.body)
    return Program(source, body, helpers, RESULT if assigned else None), low.diagnostics


def _with_result(tree: ast.Module) -> list[ast.stmt]:
    """Without an assignment to `result`, the value of a last bare expression is the answer."""
    *rest, last = tree.body or [ast.Pass()]
    if isinstance(last, ast.Expr) and not any(RESULT in writes(s) for s in tree.body):
        target = ast.copy_location(ast.Name(RESULT, ast.Store()), last)
        named = ast.copy_location(ast.Assign([target], last.value), last)
        tree.body[-1] = named
        return [*rest, named]
    return tree.body


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
    pure = hoist(value, low)
    if mutates(pure):
        low.compute(ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], pure), stmt), stmt)
    else:
        low.let(name, pure, stmt)


def _other(stmt: ast.Assign | ast.AugAssign | ast.Expr, value: ast.expr, low: Lowering) -> None:
    if isinstance(stmt, ast.Expr) and is_tool_call(value, low.tools):
        assert isinstance(value, ast.Call)
        emit_call(value, None, low)
        return
    stmt.value = hoist(value, low)
    targets = stmt.targets if isinstance(stmt, ast.Assign) else []
    targets = [stmt.target] if isinstance(stmt, ast.AugAssign) else targets
    for target in targets:
        # Python evaluates the value before the target's own index.
        for inner in ast.walk(target):
            if isinstance(inner, ast.Subscript) and low.calls(inner.slice):
                inner.slice = hoist(inner.slice, low)
    low.compute(stmt, stmt)


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
    for node in ast.walk(helper):
        if is_tool_call(node, low.tools):
            low.diagnostics.append(
                HiddenCall(
                    where="inside a helper function",
                    instead="call it in the plan itself and pass its result to the helper",
                    span=low.span(node),
                )
            )
