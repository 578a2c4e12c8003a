"""Every single change to a plan's tool calls: delete, swap with the next, double, alter."""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs.jsontypes import (
    Anything,
    Choice,
    DictOf,
    Either,
    JsonType,
    ListOf,
    Record,
    Scalar,
)
from tests.compiler.mutation.arguments import other_arguments
from tests.compiler.mutation.plans import Plan


class Kind(StrEnum):
    """What was done to the call."""

    DELETE = "delete"
    SWAP = "swap"
    DOUBLE = "double"
    ARGUMENT = "argument"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A plan with one call changed."""

    plan: Plan
    kind: Kind
    #: What was changed, and in which line of the plan.
    what: str
    text: str

    @property
    def name(self) -> str:
        """The plan and the change."""
        return f"{self.plan.name}: {self.kind} {self.what}"


#: Where a node stands in a tree: the fields and indices that lead to it.
Path = tuple[tuple[str, int | None], ...]


def mutants_of(plan: Plan) -> Iterator[Mutant]:
    """All mutants of a plan, each text once, and never the plan itself."""
    tree = ast.parse(plan.text)
    seen = {ast.unparse(tree)}
    for mutant in _all_mutants(plan, tree):
        if mutant.text not in seen:
            seen.add(mutant.text)
            yield mutant


def _all_mutants(plan: Plan, tree: ast.Module) -> Iterator[Mutant]:
    def changed(
        kind: Kind, what: str, path: Path, change: Callable[[ast.Module, Path], None]
    ) -> Mutant:
        mutated = copy.deepcopy(tree)
        change(mutated, path)
        line = f"in line {_at(tree, path).lineno}"
        text = ast.unparse(ast.fix_missing_locations(mutated))
        return Mutant(plan, kind, f"{what} {line}", text)

    for path, call in _calls(tree, ()):
        name = ast.unparse(call.func)
        yield changed(Kind.DELETE, f"{name}()", path, _delete)
        yield changed(Kind.DOUBLE, f"{name}()", path, _double)
        for change, slot, value in other_arguments(tree, call):

            def replace(
                mutated: ast.Module, at: Path, slot: Any = slot, value: Any = value
            ) -> None:
                node = _at(mutated, at)
                assert isinstance(node, ast.Call)
                if isinstance(slot, int):
                    node.args[slot] = value
                else:
                    next(k for k in node.keywords if k.arg == slot).value = value

            yield changed(Kind.ARGUMENT, f"{name}({change})", path, replace)
    for path, other in _neighbours(tree):
        yield changed(Kind.SWAP, f"with line {other.lineno}, what is", path, _swap)


# ---- finding -------------------------------------------------------------------------------------


def _calls(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.Call]]:
    """The tool calls inside, each with its path."""
    if isinstance(node, ast.Call) and _is_tool(node):
        yield path, node
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            for index, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield from _calls(each, (*path, (field, index)))
        elif isinstance(value, ast.AST):
            yield from _calls(value, (*path, (field, None)))


def _is_tool(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in TOOLSET.by_name
    )


def _neighbours(tree: ast.Module) -> Iterator[tuple[Path, ast.stmt]]:
    """Statements that call tools, with the next such statement of the same block."""
    for path, block in _blocks(tree, ()):
        calling = [i for i, stmt in enumerate(block) if any(map(_is_tool, ast.walk(stmt)))]
        for one, other in itertools.pairwise(calling):
            yield (*path[:-1], (path[-1][0], one)), block[other]


def _blocks(node: ast.AST, path: Path) -> Iterator[tuple[Path, list[ast.stmt]]]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield (*path, (field, 0)), value
            for index, stmt in enumerate(value):
                yield from _blocks(stmt, (*path, (field, index)))


def _at(tree: ast.AST, path: Path) -> Any:
    node: Any = tree
    for field, index in path:
        node = getattr(node, field)
        node = node if index is None else node[index]
    return node


def _statement(tree: ast.Module, path: Path) -> tuple[list[ast.stmt], int, Path]:
    """The block and the index of the innermost statement on a path, and the path inside of it."""
    deepest = max(
        end for end in range(1, len(path) + 1) if isinstance(_at(tree, path[:end]), ast.stmt)
    )
    field, index = path[deepest - 1]
    assert index is not None
    return getattr(_at(tree, path[: deepest - 1]), field), index, path[deepest:]


# ---- changing ------------------------------------------------------------------------------------


def _delete(tree: ast.Module, path: Path) -> None:
    """Take the statement out; where the call's value is used, put a value of its type instead."""
    block, index, inside = _statement(tree, path)
    stmt = block[index]
    if isinstance(stmt, ast.Expr) and len(inside) == 1:
        block[index : index + 1] = [] if len(block) > 1 else [ast.Pass()]
        return
    call = _at(tree, path)
    _put(tree, path, ast.parse(repr(_plain(TOOLSET.by_name[call.func.id].returns))).body[0])


def _put(tree: ast.Module, path: Path, stmt: ast.stmt) -> None:
    assert isinstance(stmt, ast.Expr)
    *before, (field, index) = path
    holder = _at(tree, tuple(before))
    if index is None:
        setattr(holder, field, stmt.value)
    else:
        getattr(holder, field)[index] = stmt.value


def _double(tree: ast.Module, path: Path) -> None:
    """Say the statement again; of one with a body, the call alone, and before it."""
    block, index, _ = _statement(tree, path)
    stmt = block[index]
    if isinstance(stmt, ast.Expr | ast.Assign | ast.AugAssign):
        block.insert(index, copy.deepcopy(stmt))
    else:
        block.insert(index, ast.Expr(copy.deepcopy(_at(tree, path))))


def _swap(tree: ast.Module, path: Path) -> None:
    block, index, _ = _statement(tree, path)
    other = next(i for i in range(index + 1, len(block)) if any(map(_is_tool, ast.walk(block[i]))))
    block[index], block[other] = block[other], block[index]


_PLAIN: Final[dict[str, Any]] = {"str": "", "int": 0, "float": 0.0, "bool": False, "None": None}


def _plain(kind: JsonType) -> Any:
    """The plainest value of a type."""
    match kind:
        case Scalar(name):
            return _PLAIN[name]
        case Choice(values):
            return values[0]
        case ListOf():
            return []
        case Record(fields=fields):
            return {each.name: _plain(each.type) for each in fields if each.required}
        case Either(members):
            return _plain(members[0])
        case DictOf() | Anything():
            return {}
