"""Bind the arguments of tool and model calls to parameters, by the toolset's signatures."""

from __future__ import annotations

import ast

from agentjit.compiler.lowering import Lowering
from agentjit.compiler.messages import BadArguments
from agentjit.toolspecs.jsontypes import (
    Anything,
    Choice,
    DictOf,
    Either,
    JsonType,
    ListOf,
    Scalar,
)
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.words import AI_EVAL

#: How `ai_eval` is declared, for messages, type stubs and prompts.
AI_EVAL_SIGNATURE = "ai_eval(question: str, *, returns=str, **values) -> the type in `returns`"


def bind_arguments(node: ast.Call, tool: Tool, low: Lowering) -> list[tuple[str, ast.expr]]:
    """Each given argument with its parameter, in order of evaluation; complains where it must."""

    def complain(problem: str, at: ast.AST) -> None:
        low.diagnostics.append(
            BadArguments(
                tool=tool.name, problem=problem, signature=tool.signature(), span=low.span(at)
            )
        )

    bound: list[tuple[str, ast.expr]] = []
    names = [p.name for p in tool.params]
    for index, value in enumerate(node.args):
        if isinstance(value, ast.Starred):
            complain("takes no *arguments", value)
        elif index >= len(names):
            complain(f"takes {_count(len(names))}, not {len(node.args)}", value)
            break
        else:
            bound.append((names[index], value))
    for keyword in node.keywords:
        if keyword.arg is None:
            complain("takes no **arguments", keyword.value)
        elif keyword.arg not in names:
            complain(f"has no parameter `{keyword.arg}`", keyword.value)
        elif keyword.arg in dict(bound):
            complain(f"is given `{keyword.arg}` twice", keyword.value)
        else:
            bound.append((keyword.arg, keyword.value))
    given = dict(bound)
    missing = [p.name for p in tool.params if p.required and p.name not in given]
    if missing and not any(isinstance(a, ast.Starred) for a in node.args):
        complain(f"lacks {' and '.join(f'`{m}`' for m in missing)}", node)
    return bound


def read_question(
    node: ast.Call, low: Lowering
) -> tuple[ast.expr, JsonType, list[tuple[str, ast.expr]]]:
    """The question, the answer's type and the named values of an `ai_eval` call."""

    def complain(problem: str, at: ast.AST) -> None:
        low.diagnostics.append(
            BadArguments(
                tool=AI_EVAL, problem=problem, signature=AI_EVAL_SIGNATURE, span=low.span(at)
            )
        )

    returns: JsonType = Scalar("str")
    values: list[tuple[str, ast.expr]] = []
    question = node.args[0] if node.args else None
    if len(node.args) > 1 or isinstance(question, ast.Starred):
        complain("takes one question; give the values by name", node)
    for keyword in node.keywords:
        if keyword.arg is None:
            complain("takes no **arguments", keyword.value)
        elif keyword.arg == "question":
            question = keyword.value
        elif keyword.arg == "returns":
            kind = read_type(keyword.value, low)
            if kind is None:
                complain(f"cannot return `{ast.unparse(keyword.value)}`", keyword.value)
            returns = kind or returns
        else:
            values.append((keyword.arg, keyword.value))
    if question is None:
        complain("lacks its question", node)
        question = ast.copy_location(ast.Constant(""), node)
    return question, returns, values


def read_type(node: ast.expr, low: Lowering) -> JsonType | None:
    """The JSON type that an expression such as `list[str]` or `Literal["a", "b"]` names."""
    match node:
        case ast.Name(id="str" | "int" | "float" | "bool" as name):
            return Scalar(name)
        case ast.Constant(value=None):
            return Scalar("None")
        case ast.Name(id="list"):
            return ListOf(Anything())
        case ast.Name(id="dict"):
            return DictOf(Anything())
        case ast.Name(id=name):
            return low.records.get(name)
        case ast.Subscript(value=ast.Name(id="list"), slice=item):
            inner = read_type(item, low)
            return ListOf(inner) if inner else None
        case ast.Subscript(
            value=ast.Name(id="dict"), slice=ast.Tuple(elts=[ast.Name(id="str"), item])
        ):
            inner = read_type(item, low)
            return DictOf(inner) if inner else None
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inside):
            options = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            chosen = tuple(o.value for o in options if isinstance(o, ast.Constant))
            plain = tuple(v for v in chosen if isinstance(v, str | int))
            return Choice(plain) if len(plain) == len(options) else None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = read_type(left, low), read_type(right, low)
            return Either((one, other)) if one and other else None
        case _:
            return None


def _count(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"
