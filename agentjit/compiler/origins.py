"""Where values come from: the site's answers, the task's words, or neither."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agentjit.compiler.ir import Ask, Block, Call, Compute, Expr, For, If, Let, Program, While
from agentjit.compiler.methods import MUTATING
from agentjit.compiler.names import bound_names, reads, writes
from agentjit.compiler.tree import parsed, parsed_statements, walk
from agentjit.toolspecs.jsontypes import Choice
from agentjit.toolspecs.words import AI_EVAL

#: Functions and methods that hand on what they are given, and those that give no text.
_CHOOSING: Final = frozenset("dict enumerate list max min reversed set sorted tuple zip".split())
_UNPACKING: Final = frozenset("copy get items keys pop values".split())
_COUNTING: Final = frozenset("abs all any bool float int isinstance len range round sum".split())


@dataclass(frozen=True, slots=True)
class Origins:
    """What a program's names are made of, wherever in the program they are bound."""

    definitions: Mapping[str, tuple[ast.expr, ...]]
    #: For each name, the tools (and ai_eval) whose answers it may hold something of.
    sources: Mapping[str, frozenset[str]]

    def sources_of(self, expr: Expr) -> frozenset[str]:
        """Whose answers an expression is computed from."""
        return frozenset[str]().union(*(self.sources.get(name, ()) for name in expr.reads))

    def is_invented(self, text: str, in_task: Callable[[str], bool]) -> bool:
        """Whether an expression may give a text of the plan's own that is not in the task's words.

        Choosing among literals of the task is no invention; putting a new text together is, unless
        something of an answer is in it.
        """
        todo, seen = [parsed(text)], set[str]()
        while todo:
            node = todo.pop()
            match node:
                case ast.Constant(value=str(word)):
                    if word and not in_task(word):
                        return True
                case ast.Name(id=name):
                    todo += () if name in seen else self.definitions.get(name, ())
                    seen.add(name)
                case _ if _is_record(node):
                    if not (self._is_answer(node) or _has_word(node, in_task)):
                        return True
                    names = [n for n in walk(node) if isinstance(n, ast.Name)]
                    todo += [] if _texts(node) else names
                case _:
                    parts = _parts(node)
                    if parts is None:
                        if not self._is_answer(node):
                            return True
                        continue
                    todo += parts
                    # A comprehension's own names hold what it goes over, which is a part already.
                    seen |= bound_names(node)
        return False

    def _is_answer(self, node: ast.expr) -> bool:
        return any(name in self.sources for name in reads(node))


def _is_record(node: ast.expr) -> bool:
    """Whether only some of the texts inside can be meant: a dict that holds more than counts."""
    return isinstance(node, _Row) or (
        isinstance(node, ast.Dict) and any(_texts(value) for value in node.values)
    )


class _Row(ast.Tuple):
    """A list, tuple or dict inside another."""


def _parts(node: ast.expr) -> Sequence[ast.expr] | None:
    """What the value is chosen among, no texts aside; None where it is a new one."""
    match node:
        case ast.Constant() | ast.Lambda() | ast.Compare() | ast.UnaryOp():
            return ()
        case ast.List(elts=elts) | ast.Set(elts=elts) | ast.Tuple(elts=elts):
            nested = (ast.Tuple, ast.List, ast.Dict)
            return [_Row([e], ast.Load()) if isinstance(e, nested) else e for e in elts]
        case ast.Dict(keys=keys):
            return [key for key in keys if key is not None]
        case ast.IfExp(body=body, orelse=orelse):
            return (body, orelse)
        case ast.Starred(value=value) | ast.Subscript(value=value):
            return (value,)
        case ast.BoolOp(values=values):
            return values
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            made = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            return (*(g.iter for g in node.generators), *made)
        case ast.Call() | ast.BinOp():
            return _operands(node)
        case _:
            return None


def _operands(node: ast.Call | ast.BinOp) -> Sequence[ast.expr] | None:
    """What a function hands on of its arguments; two lists may be joined."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            listed = isinstance(left, ast.List) or isinstance(right, ast.List)
            return (left, right) if listed else None
        case ast.Call(func=ast.Name(id=name)) if name in _COUNTING:
            return ()
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in _CHOOSING:
            return (*args, *(k.value for k in keywords))
        case ast.Call(func=ast.Attribute(attr=name, value=value), args=args) if name in _UNPACKING:
            return (value, *args[1:])
        case _:
            return None


def _has_word(record: ast.expr, in_task: Callable[[str], bool]) -> bool:
    """Whether a record has a text of the task; its other texts are keys, notes and the like."""
    texts = _texts(record)
    return not texts or any(in_task(text) for text in texts)


def _texts(node: ast.expr) -> list[str]:
    constants = (n.value for n in walk(node) if isinstance(n, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


def trace_origins(program: Program) -> Origins:
    """What the names of a program are made of."""
    definitions: dict[str, tuple[ast.expr, ...]] = {}
    flows: list[tuple[str, ast.AST]] = []
    sources: dict[str, frozenset[str]] = {}
    for names, value in _definitions(program.body):
        for name in names:
            if isinstance(value, str):
                sources[name] = sources.get(name, frozenset()) | {value}
            else:
                definitions[name] = (*definitions.get(name, ()), value)
                flows.append((name, value))
    for name, text in program.helpers:
        flows.append((name, parsed_statements(text).body[0]))
    helpers = {name for name, _ in program.helpers}
    flows += [flow for text in _computed(program.body) for flow in _given(text, helpers)]
    edges = [(name, reads(node)) for name, node in flows]
    growing = True
    while growing:
        growing = False
        for name, read in edges:
            before = sources.get(name, frozenset())
            after = before.union(*(sources.get(r, frozenset()) for r in read))
            if after != before:
                sources[name], growing = after, True
    return Origins(definitions, sources)


def _definitions(block: Block) -> Iterator[tuple[Iterable[str], ast.expr | str]]:
    """Names with what they are bound to or take in; of an answer, who gave it."""
    for stmt in block:
        match stmt:
            case Call(target=str(target), tool=tool):
                yield (target,), tool
            case Ask(target=str(target), returns=kind):
                yield (target,), AI_EVAL
                # What it may choose among is the plan's own text.
                for value in kind.values if isinstance(kind, Choice) else ():
                    yield (target,), ast.Constant(value)
            case Let():
                yield (stmt.target,), parsed(stmt.value.text)
            case Compute():
                for node in walk(parsed_statements(stmt.text)):
                    yield from _pure_definitions(node)
            case For():
                yield stmt.writes, parsed(stmt.iterable.text)
                yield from _definitions((*stmt.body, *stmt.orelse))
            case If():
                yield from _definitions((*stmt.body, *stmt.orelse))
            case While():
                yield from _definitions((*stmt.prelude, *stmt.body, *stmt.orelse))
            case _:
                pass


def _pure_definitions(node: ast.AST) -> Iterator[tuple[Iterable[str], ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield frozenset().union(*(writes(t) for t in targets)), value
        case ast.AugAssign(target=target, op=op, value=value):
            before = ast.parse(ast.unparse(target), mode="eval").body
            yield writes(target), ast.BinOp(before, op, value)
        case ast.For(target=target, iter=value):
            yield writes(target), value
        case ast.Call(func=ast.Attribute(attr=method), args=args) if method in MUTATING:
            for arg in args:
                yield writes(node), arg
        case _:
            pass


def _computed(block: Block) -> Iterator[str]:
    """The texts of the pure statements."""
    for stmt in block:
        match stmt:
            case Compute(text=text):
                yield text
            case If() | For():
                yield from _computed((*stmt.body, *stmt.orelse))
            case While():
                yield from _computed((*stmt.prelude, *stmt.body, *stmt.orelse))
            case _:
                pass


def _given(text: str, helpers: set[str]) -> Iterator[tuple[str, ast.expr]]:
    """A helper may put any of its arguments into any other."""
    for node in walk(parsed_statements(text)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=args) if name in helpers:
                names = [a.id for a in args if isinstance(a, ast.Name)]
                yield from ((name, arg) for name in names for arg in args)
            case _:
                pass
