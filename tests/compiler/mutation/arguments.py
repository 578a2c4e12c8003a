"""Other arguments for a call: names of the site, right and wrong, and what is in scope."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs.jsontypes import Choice, Scalar
from agentjit.toolspecs.tool import Param

#: Stores and items that there are under every seed, each item in a store of its own; a category,
#: and a text that names nothing.
_TEXTS: Final = (
    "Souvla",
    "Taco Bell",
    "Matcha Croissant",
    "Garlic Fries",
    "Classic Cheeseburger",
    "Light & fresh",
    "Nowhere",
    "",
)
_NUMBERS: Final = (0, 3, 21, -1)

#: So many of the plan's own texts, and of the variables in scope, stand in for an argument.
_MOST: Final = 6

Change = tuple[str, int | str, ast.expr]


def other_arguments(tree: ast.Module, call: ast.Call) -> Iterator[Change]:
    """Changes of one argument: what they are, which argument, and the new value."""
    assert isinstance(call.func, ast.Name)
    tool = TOOLSET.by_name[call.func.id]
    for index, value in enumerate(call.args):
        yield from _others(tree, call, tool.params[index], (index, value))
    for keyword in call.keywords:
        param = tool.param(keyword.arg or "")
        assert param is not None
        yield from _others(tree, call, param, (param.name, keyword.value))


def _others(
    tree: ast.Module, call: ast.Call, param: Param, given: tuple[int | str, ast.expr]
) -> Iterator[Change]:
    slot, old = given
    texts = list(dict.fromkeys((*_TEXTS, *_own_texts(tree)[:_MOST])))
    match param.type:
        case Choice(values):
            constants: list[str | int | None] = [*values, "Nowhere", None]
        case Scalar("str"):
            constants = [*texts, None, 7]
        case _:
            constants = [*_NUMBERS, None, "Souvla"]
    candidates: list[ast.expr] = [ast.Constant(value) for value in constants]
    candidates += [ast.List([ast.Constant(word)], ast.Load()) for word in ("Large", "Souvla")]
    candidates += [ast.Name(name, ast.Load()) for name in _in_scope(tree, call)[-_MOST:]]
    for value in candidates:
        if ast.unparse(value) != ast.unparse(old):
            yield f"{param.name}={ast.unparse(value)}", slot, value


def _own_texts(tree: ast.Module) -> list[str]:
    """The texts that the plan itself writes, those of its calls' arguments first."""
    calls = [a for n in ast.walk(tree) if isinstance(n, ast.Call) for a in n.args]
    constants = [n for n in (*calls, *ast.walk(tree)) if isinstance(n, ast.Constant)]
    return list(dict.fromkeys(c.value for c in constants if isinstance(c.value, str)))


def _in_scope(tree: ast.Module, call: ast.Call) -> list[str]:
    """The names that are bound before the call, in the order of the text."""
    stores = [
        (node.lineno, node.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return list(dict.fromkeys(name for line, name in sorted(stores) if line < call.lineno))
