"""Where values come from: the site's answers, the task's words, or neither."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agentjit.compiler.flows import Flows, read_flows
from agentjit.compiler.ir import Expr, Program
from agentjit.compiler.scopes import Scope, Value, comprehension_scope
from agentjit.compiler.sharing import Sharing
from agentjit.compiler.tree import parsed, walk
from agentjit.toolspecs.toolset import Toolset

#: Functions and methods that hand on what they are given, those that spell it in another way, and
#: those that give no text.
_CHOOSING: Final = frozenset("dict enumerate list max min reversed set sorted tuple zip".split())
_UNPACKING: Final = frozenset("copy get items keys pop values".split())
_SPELLING: Final = frozenset(
    "capitalize casefold lower lstrip rstrip strip swapcase title upper".split()
)
_COUNTING: Final = frozenset("abs all any bool float int isinstance len range round sum".split())


@dataclass(frozen=True, slots=True)
class Origins:
    """What a program's names are made of, wherever in the program they are bound."""

    definitions: Mapping[str, Sequence[Value]]
    #: For each name, the tools (and ai_eval) whose answers it may hold something of.
    sources: Mapping[str, frozenset[str]]

    def sources_of(self, expr: Expr) -> frozenset[str]:
        """Whose answers an expression is computed from."""
        return frozenset[str]().union(*(self.sources.get(name, ()) for name in expr.reads))

    def is_invented(self, text: str, in_task: Callable[[str], bool]) -> bool:
        """Whether an expression may give a text of the plan's own that is not in the task's words.

        Choosing among literals of the task is no invention; putting a new text together is, unless
        something of an answer is in it, and no other words than the task's.
        """
        todo, seen = [Value(parsed(text), {})], set[str]()
        while todo:
            value = todo.pop()
            match value.node:
                case ast.Constant(value=str(word)):
                    if word and not in_task(word):
                        return True
                case ast.Name(id=name):
                    key = value.scope.get(name, name)
                    todo += () if key in seen else self.definitions.get(key, ())
                    seen.add(key)
                case ast.Call(func=ast.Name(id=name)) if name in self.definitions:
                    # A helper: what it returns, its parameters among it.
                    todo.append(Value(ast.Name(name, ast.Load()), {}))
                case node if _is_record(node):
                    if not (self._is_answer(value) or _has_word(node, in_task)):
                        return True
                    names = [n for n in walk(node) if isinstance(n, ast.Name)]
                    todo += [] if _texts(node) else [Value(n, value.scope) for n in names]
                case node:
                    parts = _parts(node)
                    if parts is not None:
                        inner = _scope_inside(node, value.scope)
                        todo += [Value(part, inner) for part in parts]
                    elif not self._is_answer(value) or not all(map(in_task, _written(node))):
                        return True
        return False

    def _is_answer(self, value: Value) -> bool:
        return any(name in self.sources for name in value.reads())


def _scope_inside(node: ast.expr, scope: Scope) -> Scope:
    match node:
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            return comprehension_scope(node, scope)
        case _:
            return scope


def _written(node: ast.expr) -> Iterator[str]:
    """The texts with words in them that are put together with others."""
    match node:
        case ast.Constant(value=str(text)) if any(c.isalnum() for c in text):
            yield text
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from _written(part)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _written(left)
            yield from _written(right)
        case ast.FormattedValue(value=value):
            yield from _written(value)
        case _:
            pass


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
            return (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        case ast.Call() | ast.BinOp() | ast.JoinedStr():
            return _operands(node)
        case _:
            return None


def _operands(node: ast.Call | ast.BinOp | ast.JoinedStr) -> Sequence[ast.expr] | None:
    """What a function hands on of its arguments; two lists may be joined, and texts of the plan."""
    match node:
        case ast.JoinedStr(values=[ast.FormattedValue(value=value, format_spec=None)]):
            return (value,)
        case ast.JoinedStr(values=values):
            texts = [text for text in map(_constant, values) if text is not None]
            return (ast.Constant("".join(texts)),) if len(texts) == len(values) else None
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            listed = isinstance(left, ast.List) or isinstance(right, ast.List)
            return (left, right) if listed else None
        case ast.Call(func=ast.Name(id=name)) if name in _COUNTING:
            return ()
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in _CHOOSING:
            return (*args, *(k.value for k in keywords))
        case ast.Call(func=ast.Attribute(attr=name, value=value), args=args) if name in _UNPACKING:
            return (value, *args[1:])
        case ast.Call(func=ast.Attribute(attr=name, value=value), args=[]) if name in _SPELLING:
            return (value,)
        case _:
            return None


def _constant(part: ast.expr) -> str | None:
    """A part of an f-string that is a text of the plan's."""
    match part:
        case (
            ast.Constant(value=str(text))
            | ast.FormattedValue(value=ast.Constant(value=str(text)), format_spec=None)
        ):
            return text
        case _:
            return None


def _has_word(record: ast.expr, in_task: Callable[[str], bool]) -> bool:
    """Whether a record has a text of the task; its other texts are keys, notes and the like."""
    texts = _texts(record)
    return not texts or any(in_task(text) for text in texts)


def _texts(node: ast.expr) -> list[str]:
    constants = (n.value for n in walk(node) if isinstance(n, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


def trace_origins(program: Program, toolset: Toolset) -> Origins:
    """What the names of a program are made of."""
    flows = read_flows(program, toolset)
    definitions: dict[str, list[Value]] = {}
    for name, value in (*flows.bindings, *flows.returns):
        definitions.setdefault(name, []).append(value)
    given: dict[str, set[str]] = {}
    for name, value in flows.bindings:
        given.setdefault(name, set()).update(value.reads())
    for name, free in flows.closures:
        given.setdefault(name, set()).update(free)
    for name, taken in _taken(flows):
        # Under which key a value is kept does not say what it is.
        definitions.setdefault(name, []).extend(taken.values)
        reads = (value.reads() for value in (*taken.values, *taken.keys))
        given.setdefault(name, set()).update(*reads)
    return Origins(definitions, _sources(flows, given))


@dataclass(slots=True)
class _Taken:
    """What the values of a group of names take in when they are changed in place."""

    values: list[Value] = field(default_factory=list)
    keys: list[Value] = field(default_factory=list)


def _taken(flows: Flows) -> Iterator[tuple[str, _Taken]]:
    """For each name, what the values that it may share take in."""
    if not flows.changes:
        return
    sharing = Sharing(flows)
    found: dict[str, _Taken] = {}
    for change in flows.changes:
        for leader in sharing.leaders_of(change.changed):
            taken = found.setdefault(leader, _Taken())
            taken.values += change.taken
            taken.keys += change.keys
    for leader, members in sharing.groups(found).items():
        # One name for the group, so that many names that take in much stay few definitions.
        group = f"*{leader}"
        yield group, found[leader]
        for name in members:
            yield name, _Taken([Value(ast.Name(group, ast.Load()), {})])


def _sources(flows: Flows, given: Mapping[str, set[str]]) -> Mapping[str, frozenset[str]]:
    """Follow the answers of tools from name to name."""
    receivers: dict[str, list[str]] = {}
    for name, names in given.items():
        for read in names:
            receivers.setdefault(read, []).append(name)
    sources: dict[str, frozenset[str]] = {}
    for name, tool, _ in flows.answers:
        sources[name] = sources.get(name, frozenset()) | {tool}
    todo = list(sources)
    while todo:
        name = todo.pop()
        for receiver in receivers.get(name, ()):
            before = sources.get(receiver, frozenset())
            after = before | sources[name]
            if after != before:
                sources[receiver] = after
                todo.append(receiver)
    return sources
