"""The plan language's allow-list: which constructs a plan may use, and what to write instead."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from agentjit.compiler.handing import handed_on, named_lambdas
from agentjit.compiler.limits import MAX_NUMBER_BITS
from agentjit.compiler.messages import OutsideLanguage, ShadowedName, UnknownFunction
from agentjit.compiler.methods import METHODS
from agentjit.compiler.parse import span_of
from agentjit.compiler.tree import children, walk
from agentjit.diagnostics import Diagnostic, in_order
from agentjit.source import Source
from agentjit.toolspecs.words import AI_EVAL, PLAN_BUILTINS

_ALLOWED: Final[tuple[type[ast.AST], ...]] = (
    # statements
    ast.Module, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.For, ast.While, ast.If,
    ast.Break, ast.Continue, ast.Pass, ast.FunctionDef, ast.Return, ast.arguments, ast.arg,
    # expressions
    ast.Constant, ast.Name, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Subscript, ast.Slice,
    ast.Attribute, ast.Call, ast.keyword, ast.Starred, ast.BinOp, ast.UnaryOp, ast.BoolOp,
    ast.Compare, ast.IfExp, ast.Lambda, ast.JoinedStr, ast.FormattedValue, ast.ListComp,
    ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension,
    # operators and contexts
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)  # fmt: skip

#: Construct by construct: what it is called, and what to write instead.
_INSTEAD: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.Import: ("import", "plans need no modules: use the built-in functions and tools"),
    ast.ImportFrom: ("import", "plans need no modules: use the built-in functions and tools"),
    ast.Try: ("try", "leave it out: a failing call stops the run and says why"),
    ast.TryStar: ("try", "leave it out: a failing call stops the run and says why"),
    ast.Raise: ("raise", "leave it out, or guard the steps with if"),
    ast.Assert: ("assert", "guard the steps with if"),
    ast.With: ("with", "call the tools directly"),
    ast.ClassDef: ("class", "use dicts"),
    ast.AsyncFunctionDef: ("async def", "write plain calls: agentjit schedules them itself"),
    ast.Await: ("await", "write plain calls: agentjit schedules them itself"),
    ast.AsyncFor: ("async for", "write a plain for"),
    ast.AsyncWith: ("async with", "call the tools directly"),
    ast.Yield: ("yield", "build a list"),
    ast.YieldFrom: ("yield from", "build a list"),
    ast.Global: ("global", "leave it out: a plan has one scope"),
    ast.Nonlocal: ("nonlocal", "leave it out: a plan has one scope"),
    ast.Delete: ("del", "build a new list or dict without the element"),
    ast.NamedExpr: (":=", "assign on a line of its own"),
    ast.Match: ("match", "use if and elif"),
}

#: Names that look like temporaries made by lowering.
_RESERVED_NAME: Final = re.compile(r"^_(it)?\d+$|__")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the rules need to know of the whole plan."""

    source: Source
    tools: Collection[str]
    helpers: frozenset[str]
    #: The nodes that stand where a function is called.
    called: frozenset[ast.AST]
    #: The statements of the plan's top level.
    top: frozenset[ast.AST]
    #: The returns inside helper functions.
    returns: frozenset[ast.AST]
    #: The nodes that stand where a function is handed on to what calls it at once.
    handed: frozenset[ast.AST]
    #: The lambdas that have a name.
    lambdas: Collection[ast.AST]
    #: The names of helper functions and lambdas.
    functions: frozenset[str]

    def outside(self, node: ast.AST, construct: str, instead: str) -> Diagnostic:
        return OutsideLanguage(
            construct=construct, instead=instead, span=span_of(node, self.source)
        )


def check_subset(tree: ast.Module, source: Source, tools: Collection[str]) -> list[Diagnostic]:
    """Everything in the plan that is outside the language, in textual order."""
    helpers = [s for s in tree.body if isinstance(s, ast.FunctionDef)]
    lambdas = named_lambdas(tree)
    plan = _Plan(
        source,
        tools,
        frozenset(h.name for h in helpers),
        frozenset(n.func for n in walk(tree) if isinstance(n, ast.Call)),
        frozenset(tree.body),
        frozenset(n for h in helpers for n in walk(h) if isinstance(n, ast.Return)),
        handed_on(tree),
        lambdas,
        frozenset({*lambdas.values(), *(h.name for h in helpers)}),
    )
    found: list[Diagnostic] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        complaint = _complaint(node, plan)
        if complaint is None:
            stack += children(node)
        else:
            # One message for a construct; what is inside it would only repeat the news.
            found.append(complaint)
    return in_order(found)


def _complaint(node: ast.AST, plan: _Plan) -> Diagnostic | None:
    if not isinstance(node, _ALLOWED):
        construct, instead = _INSTEAD.get(type(node), ("this construct", "use a simpler one"))
        return plan.outside(node, construct, instead)
    match node:
        case ast.Name(id=name):
            wrong = _bad_value if isinstance(node.ctx, ast.Load) else _bad_target
            return _bad_name(node, name, plan) or wrong(node, name, plan)
        case ast.arg(arg=name):
            return _bad_name(node, name, plan) or _bad_target(node, name, plan)
        case ast.Attribute(attr=name):
            return _bad_attribute(node, name, plan)
        case ast.Call():
            return _bad_call(node, plan)
        case ast.FunctionDef() | ast.Lambda():
            return _bad_definition(node, plan)
        case ast.Return() if node not in plan.returns:
            instead = "assign the answer to `result`"
            return plan.outside(node, "return outside a helper function", instead)
        case ast.Constant() | ast.JoinedStr():
            return _bad_literal(node, plan)
        case ast.comprehension(is_async=1):
            return plan.outside(node.target, "async in a comprehension", "leave `async` out")
        case _:
            return None


def _bad_literal(node: ast.Constant | ast.JoinedStr, plan: _Plan) -> Diagnostic | None:
    if isinstance(node, ast.JoinedStr):
        instead = "give the value a name before, and use the name in the f-string"
        told = "an odd character in the braces of an f-string"
        return None if _writable(node) else plan.outside(node, told, instead)
    value: object = node.value
    if not isinstance(value, str | int | float | None):
        instead = "plans compute with JSON values: text, numbers, True, False, None"
        return plan.outside(node, f"the literal {value!r}", instead)
    if isinstance(value, int) and value.bit_length() > MAX_NUMBER_BITS:
        instead = f"numbers have at most {MAX_NUMBER_BITS} bits"
        return plan.outside(node, "so large a number", instead)
    return None


def _writable(node: ast.expr) -> bool:
    """Whether Python can write the expression again: older ones take no backslash in braces."""
    try:
        ast.unparse(node)
    except ValueError:
        return False
    return True


def _bad_name(node: ast.AST, name: str, plan: _Plan) -> Diagnostic | None:
    if not _RESERVED_NAME.search(name):
        return None
    instead = "use a name without double underscores, and more than a number"
    return plan.outside(node, f"the name `{name}`", instead)


def _bad_target(node: ast.AST, name: str, plan: _Plan) -> Diagnostic | None:
    if name in plan.tools or name in PLAN_BUILTINS:
        kind = "tool" if name in plan.tools else "built-in function"
        return ShadowedName(name=name, kind=kind, span=span_of(node, plan.source))
    return None


def _bad_value(node: ast.AST, name: str, plan: _Plan) -> Diagnostic | None:
    """What is handed on could be called where the checker does not see it."""
    if node in plan.called:
        return None
    if name in plan.tools or name == AI_EVAL:
        return plan.outside(node, f"`{name}` without a call", f"call it here: {name}(…)")
    if name in plan.functions:
        return None if node in plan.handed else _bad_function(node, f"`{name}`", plan)
    return None


def _bad_function(node: ast.AST, what: str, plan: _Plan) -> Diagnostic:
    instead = "pass a lambda or a helper by name where it is used, as in key=…, map(…), filter(…)"
    return plan.outside(node, f"keeping or choosing a function ({what})", instead)


def _bad_attribute(node: ast.Attribute, name: str, plan: _Plan) -> Diagnostic | None:
    called = node in plan.called
    if called and name in METHODS:
        return None
    if not called and name in METHODS and node in plan.handed:
        instead = f"write it as a lambda: lambda x: {_told(node.value)}.{name}(x)"
        if isinstance(node.value, ast.Name) and node.value.id in PLAN_BUILTINS:
            instead = f"write it as a lambda: lambda x: x.{name}()"
        return plan.outside(node, f"the method .{name} without a call", instead)
    if not called:
        instead = f'values are JSON: read a key with ["{name}"]'
        return plan.outside(node, f"the attribute .{name}", instead)
    near = difflib.get_close_matches(name, METHODS, n=1, cutoff=0.75)
    instead = f"did you mean .{near[0]}()?" if near else "use a built-in function"
    instead = "write an f-string" if name == "format" else instead
    return plan.outside(node, f"the method .{name}()", instead)


def _told(node: ast.expr) -> str:
    """What a method is called on, if that is a name."""
    return node.id if isinstance(node, ast.Name) else "…"


def _bad_call(node: ast.Call, plan: _Plan) -> Diagnostic | None:
    if isinstance(node.func, ast.Attribute):
        return None
    if not isinstance(node.func, ast.Name):
        instead = "call tools, built-in functions and helper functions by name"
        return plan.outside(node, "calling the result of an expression", instead)
    name = node.func.id
    known = {*plan.tools, *PLAN_BUILTINS, *plan.helpers, "next"}
    if name in known:
        return None
    near = difflib.get_close_matches(name, sorted({*plan.tools, *plan.helpers}), n=1)
    near = near or difflib.get_close_matches(name, sorted(PLAN_BUILTINS), n=1, cutoff=0.8)
    return UnknownFunction(
        name=name,
        tools=", ".join(sorted(plan.tools)),
        span=span_of(node.func, plan.source),
        advice=f"did you mean `{near[0]}`?" if near else "",
    )


def _bad_definition(node: ast.FunctionDef | ast.Lambda, plan: _Plan) -> Diagnostic | None:
    if isinstance(node, ast.Lambda):
        good = node in plan.handed or node in plan.lambdas
        return None if good else _bad_function(node, "a lambda", plan)
    if node not in plan.top:
        instead = "define helper functions at the top of the plan"
        return plan.outside(node, "def inside a block", instead)
    if node.decorator_list:
        return plan.outside(node.decorator_list[0], "a decorator", "leave it out")
    return _bad_name(node, node.name, plan) or _bad_target(node, node.name, plan)


def is_tool_call(node: ast.AST, tools: Collection[str]) -> bool:
    """Whether the node calls a tool or the model."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and (node.func.id in tools or node.func.id == AI_EVAL)
    )


def has_tool_call(node: ast.AST, tools: Collection[str]) -> bool:
    """Whether a tool or the model is called anywhere inside."""
    return any(is_tool_call(n, tools) for n in walk(node))
