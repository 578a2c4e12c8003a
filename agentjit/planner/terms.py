"""Values of a plan as terms, which say how they are computed and in which no plan's names are.

A term is a Python expression over what tools and models answered. Two terms with one text compute
the same: variables are replaced by what they stand for, and those of comprehensions and lambdas are
called by where they are bound.
"""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final, TypeAlias

from agentjit.compiler.names import bound_names
from agentjit.compiler.scopes import Comprehension, params_of
from agentjit.compiler.tree import parsed, walk

Term: TypeAlias = ast.expr
#: What a plan's name stands for; None for a name that is no plan's, such as a function's.
Lookup: TypeAlias = Callable[[str], Term | None]

#: Nodes of a term; a larger one is only known by its digest.
_LARGEST: Final = 300
#: Functions that take every element of a generator, so that it may as well be a list.
_CONSUMING: Final = frozenset("all any list max min set sorted sum tuple".split())


def opaque(text: str) -> Term:
    """A value that is known by how it came about; the brackets are in no plan's names."""
    return ast.Name(id=f"⟨{text}⟩", ctx=ast.Load())


def digest(text: str) -> str:
    """A short name for a long text: the same for the same text."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]


def term_of(text: str, lookup: Lookup) -> Term:
    """The term of a pure expression's text."""
    found = inline(copy.deepcopy(parsed(text)), lookup)
    assert isinstance(found, ast.expr)
    if sum(1 for _ in walk(found)) > _LARGEST:
        return opaque(f"#{digest(show_term(found))}")
    return found


def show_term(term: Term) -> str:
    """The term's text in its one form."""
    return show_node(term)


def show_node(node: ast.AST) -> str:
    """The text of an expression or of statements, with their own variables called in turn."""
    normal = _Plain().visit(_Binding(lambda _: None, lambda level: f"_{level}").visit(_copy(node)))
    try:
        return ast.unparse(normal)
    except ValueError:
        # A format string that Python of this version cannot write.
        return ast.dump(normal)


def inline(node: ast.AST, lookup: Lookup) -> ast.AST:
    """The node with each of the plan's names replaced by its term."""
    fresh = count()
    return _Binding(lookup, lambda _: f"_own{next(fresh)}_{id(node)}").visit(node)  # type: ignore[no-any-return]


def _copy(node: ast.AST) -> ast.AST:
    return copy.deepcopy(node)


class _Binding(ast.NodeTransformer):
    """Renames what comprehensions and lambdas bind, and replaces what is free."""

    def __init__(self, lookup: Lookup, naming: Callable[[int], str]) -> None:
        self._lookup = lookup
        self._naming = naming
        self._scope: dict[str, str] = {}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A variable."""
        if node.id in self._scope:
            return ast.Name(id=self._scope[node.id], ctx=node.ctx)
        return self._lookup(node.id) or node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """A function of its own parameters; their defaults belong outside."""
        arguments = node.args
        arguments.defaults = [self.visit(each) for each in arguments.defaults]
        arguments.kw_defaults = [each and self.visit(each) for each in arguments.kw_defaults]
        outer = self._bind(params_of(arguments))
        given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        for each in (*given, arguments.vararg, arguments.kwarg):
            if each is not None:
                each.arg = self._scope[each.arg]
        node.body = self.visit(node.body)
        self._scope = outer
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Its clauses bind one after the other."""
        return self._comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        """As above."""
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        """As above."""
        return self._comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """As above."""
        return self._comprehension(node)

    def _comprehension(self, node: Comprehension) -> ast.AST:
        outer = self._scope
        for clause in node.generators:
            clause.iter = self.visit(clause.iter)
            self._bind(_in_turn(clause.target))
            clause.target = self.visit(clause.target)
            clause.ifs = [self.visit(each) for each in clause.ifs]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        self._scope = outer
        return node

    def _bind(self, names: list[str]) -> dict[str, str]:
        outer = self._scope
        own = {name: self._naming(len(outer) + i) for i, name in enumerate(dict.fromkeys(names))}
        self._scope = {**outer, **own}
        return outer


class _Plain(ast.NodeTransformer):
    """Writes in one way what has several: the best of a list, and lists that are consumed."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`min(x for …)` as `min([x for …])`."""
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.GeneratorExp() as each]) if (
                name in _CONSUMING
            ):
                node.args = [ast.ListComp(each.elt, each.generators)]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """`sorted(x, key=k)[0]` as `min(x, key=k)`: the first of equals stays the first."""
        self.generic_visit(node)
        match node:
            case ast.Subscript(
                value=ast.Call(func=ast.Name(id="sorted"), args=[_] as args, keywords=keywords),
                slice=ast.Constant(value=0),
            ) if all(k.arg in ("key", "reverse") for k in keywords):
                order = next((k.value for k in keywords if k.arg == "reverse"), ast.Constant(False))
                if isinstance(order, ast.Constant) and isinstance(order.value, bool):
                    best = ast.Name(id="max" if order.value else "min", ctx=ast.Load())
                    key = [k for k in keywords if k.arg == "key"]
                    return ast.Call(func=best, args=args, keywords=key)
        return node


def _in_turn(target: ast.AST) -> list[str]:
    names = bound_names(target)
    return [n.id for n in walk(target) if isinstance(n, ast.Name) and n.id in names]


def names_in(node: ast.AST) -> Iterator[str]:
    """All names of a node, each time that it stands there."""
    yield from (n.id for n in walk(node) if isinstance(n, ast.Name))
