"""What is known of how often a loop goes round, before it is reached: its list, and where from."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from agentjit.compiler.ir import Call, Compute, For, If, Let, Program, While
from agentjit.scheduler.objects import statements

#: Calls that give as many elements as they are given.
_KEEPING: Final = frozenset({"sorted", "list", "tuple", "reversed", "enumerate"})
#: How many names are followed from one to the next.
_DEPTH: Final = 4
#: Characters of a key; longer ones end in a digest.
MAX_KEY: Final = 120


@dataclass(frozen=True, slots=True)
class Length:
    """What is known of a list: it is of this length, or is what a tool returns."""

    exact: int | None = None
    tool: str | None = None
    #: No more than this, where it is cut.
    most: int | None = None
    #: Whether some elements may have been left out.
    filtered: bool = False


UNKNOWN: Final = Length()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the names of a program get their values."""

    program: Program
    defined: Mapping[str, ast.expr | str]

    def length(self, loop: For) -> Length:
        """What is known of the list that the loop goes over."""
        return self._expression(_parse(loop.iterable.text), _DEPTH)

    def key(self, stmt: For | While | If) -> str:
        """What tells a loop or a branch apart from run to run: its text, with names written out.

        Two plans that go over the same list in the same words share what was seen of it.
        """
        if isinstance(stmt, For):
            told, text = "for", stmt.iterable.text
        else:
            told, text = "while" if isinstance(stmt, While) else "if", stmt.test.text
        tree = _parse(text)
        if tree is not None:
            text = ast.unparse(_Written(self.defined, _DEPTH).visit(tree))
        if len(text) > MAX_KEY:
            text = f"{text[:MAX_KEY]}… {hashlib.sha256(text.encode()).hexdigest()[:8]}"
        return f"{told} {text}"

    def _expression(self, tree: ast.expr | None, depth: int) -> Length:
        match tree:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return UNKNOWN if _starred(parts) else Length(exact=len(parts))
            case ast.Constant(value=str(text)):
                return Length(exact=len(text))
            case ast.Name(id=name) if depth:
                found = self.defined.get(name)
                if isinstance(found, str):
                    return Length(tool=found)
                return self._expression(found, depth - 1)
            case ast.Call(func=ast.Name(id=name), args=[one]) if name in _KEEPING:
                return self._expression(one, depth)
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int(stop))]):
                return Length(exact=max(0, stop))
            case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=upper, step=None)):
                return _cut(self._expression(value, depth), upper)
            case ast.ListComp(generators=[one]) | ast.GeneratorExp(generators=[one]):
                found_of = self._expression(one.iter, depth)
                return _filtered(found_of) if one.ifs else found_of
            case _:
                return UNKNOWN


class _Written(ast.NodeTransformer):
    """Puts what a name is bound to in its place."""

    def __init__(self, defined: Mapping[str, ast.expr | str], depth: int) -> None:
        self._defined = defined
        self._depth = depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A call of the tool, or the expression itself."""
        found = self._defined.get(node.id)
        if found is None or not self._depth:
            return node
        if isinstance(found, str):
            return ast.Call(ast.Name(found), [], [])
        inner = _Written(self._defined, self._depth - 1)
        written: ast.expr = inner.visit(copy.deepcopy(found))
        return written


def find_sources(program: Program) -> Sources:
    """The names that one statement of the program binds, and none changes; and to what."""
    found: dict[str, ast.expr | str] = {}
    twice: set[str] = set()
    for stmt in statements(program.body):
        match stmt:
            case Call(target=str(name), tool=tool):
                value: ast.expr | str | None = tool
            case Let(target=name, value=told):
                value = _parse(told.text)
            case Compute(writes=writes) | For(writes=writes):
                # Bound again, or changed in place: a list that is filled is not as it began.
                twice |= writes
                continue
            case _:
                continue
        if name in found or value is None:
            twice.add(name)
        else:
            found[name] = value
    return Sources(program, {n: v for n, v in found.items() if n not in twice})


def _parse(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None


def _starred(parts: list[ast.expr]) -> bool:
    return any(isinstance(part, ast.Starred) for part in parts)


def _cut(length: Length, upper: ast.expr | None) -> Length:
    match upper:
        case None:
            return length
        case ast.Constant(value=int(stop)) if stop >= 0:
            if length.exact is not None:
                return Length(exact=min(length.exact, stop))
            most = stop if length.most is None else min(stop, length.most)
            return replace(length, most=most)
        case _:
            return _filtered(length)


def _filtered(length: Length) -> Length:
    if length.exact is not None:
        return Length(most=length.exact, filtered=True)
    return replace(length, filtered=True)
