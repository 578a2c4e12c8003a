"""Going through Python's syntax tree, faster than `ast` does: most of checking a plan is that."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

#: Fields that hold no node, or none that means anything: whether a name is read or bound is
#: looked up where it matters.
_LEAVES: Final = frozenset(
    "asname attr conversion ctx id is_async kind level module simple type_comment".split()
)


#: Of each kind of node that was met, the fields that may hold nodes.
_FIELDS: Final[dict[type[ast.AST], tuple[str, ...]]] = {}


@lru_cache(maxsize=4096)
def parsed(text: str) -> ast.expr:
    """The tree of an expression's text. It is shared: nobody changes it."""
    return ast.parse(text, mode="eval").body


@lru_cache(maxsize=4096)
def parsed_statements(text: str) -> ast.Module:
    """The tree of statements. It is shared: nobody changes it."""
    return ast.parse(text)


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly inside, in textual order, contexts of names left out."""
    found: list[ast.AST] = []
    fields = _FIELDS.get(type(node))
    if fields is None:
        fields = tuple(name for name in node._fields if name not in _LEAVES)
        _FIELDS[type(node)] = fields
    for name in fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all that is inside it, in textual order."""
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        stack += reversed(children(here))
