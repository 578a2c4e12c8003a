"""What evaluating an expression may change in place, and whether what it gives is newly made.

Both matter because lists, dicts and sets have an identity: two that are equal now may differ as
soon as one of them is changed, by whatever name.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Final

from agentjit.compiler.facts import DICTS, HEAPS, LISTS, SETS
from agentjit.compiler.methods import MUTATING
from agentjit.compiler.tree import parsed, parsed_statements, walk
from agentjit.toolspecs.words import PLAN_BUILTINS

#: Methods that only one kind of value has; of the rest it could be any.
_CHANGES: Final = {
    **dict.fromkeys("append extend insert sort reverse".split(), (LISTS,)),
    **dict.fromkeys(("setdefault",), (DICTS,)),
    **dict.fromkeys(("add", "discard"), (SETS,)),
}

#: Functions that call a function that they are given.
_CALLING: Final = frozenset(("map", "filter"))

#: Functions and methods that give a text, a number or a truth.
_SCALAR: Final = frozenset(
    "abs all any bool chr divmod float format int len ord repr round str".split()
)
_SCALAR_METHODS: Final = frozenset(
    """capitalize casefold center count endswith expandtabs find format index isalnum isalpha
    isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper
    join ljust lower lstrip removeprefix removesuffix replace rfind rindex rjust rstrip startswith
    strip swapcase title translate upper zfill""".split()
)

#: Functions and methods that give one of the elements that they are given, or a new collection of
#: them.
_CHOOSING: Final = frozenset(("min", "max", "next"))
_COLLECTING: Final = frozenset(
    "enumerate filter frozenset list reversed set sorted tuple zip".split()
)
#: Methods of a container that show what is in it.
VIEWS: Final = frozenset("copy items keys values".split())


@lru_cache(maxsize=4096)
def changes(text: str) -> frozenset[str]:
    """The kinds of value that running this text may change in place."""
    found: set[str] = set()
    for node in walk(parsed_statements(text)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name not in PLAN_BUILTINS:
                # A helper of the plan's.
                found.update(HEAPS)
            case ast.Call(func=ast.Name(id=name), args=[function, *_]) if (
                name in _CALLING and not _is_harmless(function)
            ):
                found.update(HEAPS)
            case ast.keyword(arg="key", value=function) if not _is_harmless(function):
                found.update(HEAPS)
            case ast.Call(func=ast.Attribute(attr=method)) if method in MUTATING:
                found.update(_CHANGES.get(method, HEAPS))
            case ast.Subscript(slice=ast.Constant(value=str())) if not _loaded(node):
                found.add(DICTS)
            case ast.Subscript() if not _loaded(node):
                found.update(HEAPS)
            case ast.AugAssign():
                # `xs += […]` changes the list that other names hold, too.
                found.update(HEAPS)
            case _:
                pass
    return frozenset(found)


def _is_harmless(function: ast.expr) -> bool:
    """Whether a function that is handed on is there to be read, and looked into by itself."""
    match function:
        case ast.Lambda() | ast.Constant(value=None):
            return True
        case ast.Name(id=name):
            return name in PLAN_BUILTINS
        case _:
            return False


def _loaded(node: ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Load)


@lru_cache(maxsize=4096)
def is_new(text: str) -> bool:
    """Whether an expression may give a list, dict or set that no other name holds yet."""
    return _is_new(parsed(text))


def _is_new(node: ast.expr) -> bool:
    match node:
        case ast.Constant() | ast.Name() | ast.JoinedStr() | ast.Compare() | ast.UnaryOp():
            new = False
        case ast.Subscript(slice=ast.Slice()):
            new = not isinstance(node.value, ast.Constant | ast.JoinedStr)
        case ast.Subscript(value=value):
            new = _holds_new(value)
        case ast.BinOp(left=left, op=op, right=right):
            # A number or a text where one operand is one; `[0] * 2` is a list.
            plain = any(isinstance(n, ast.Constant | ast.JoinedStr) for n in (left, right))
            divided = isinstance(op, ast.Div | ast.FloorDiv | ast.Pow)
            new = not divided and (not plain or isinstance(op, ast.Mult))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
            # A tuple cannot be changed itself, yet what it holds can.
            new = any(map(_is_new, parts))
        case ast.IfExp(body=body, orelse=orelse):
            new = _is_new(body) or _is_new(orelse)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            new = _call_is_new(name, args, keywords)
        case ast.Call(func=ast.Attribute(attr="get", value=value), args=args):
            new = _holds_new(value) or any(map(_is_new, args[1:]))
        case ast.Call(func=ast.Attribute(attr=method)):
            new = method not in _SCALAR_METHODS
        case _:
            new = True
    return new


def _call_is_new(name: str, args: list[ast.expr], keywords: list[ast.keyword]) -> bool:
    if name in _SCALAR:
        return False
    if name == "sum":
        # Of lists it makes a list, when it is given one to begin with.
        return len(args) + len(keywords) > 1
    if name in _CHOOSING:
        given = [*args[1:], *(k.value for k in keywords if k.arg == "default")]
        if len(args) == 1 or name == "next":
            return _holds_new(args[0]) or any(map(_is_new, given))
        return any(map(_is_new, args))
    return True


def _holds_new(node: ast.expr) -> bool:
    """Whether the elements of a collection may be of the expression's own making."""
    match node:
        case ast.Constant() | ast.Name() | ast.JoinedStr():
            new = False
        case ast.Subscript(value=value) | ast.Starred(value=value):
            new = _holds_new(value)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            new = any(map(_is_new, parts))
        case ast.Dict(values=parts):
            new = any(map(_is_new, parts))
        case ast.ListComp(elt=each, generators=loops) | ast.SetComp(elt=each, generators=loops):
            new = _is_new(each) or any(_holds_new(loop.iter) for loop in loops)
        case (
            ast.GeneratorExp(elt=each, generators=loops)
            | ast.DictComp(value=each, generators=loops)
        ):
            new = _is_new(each) or any(_holds_new(loop.iter) for loop in loops)
        case ast.Call(func=ast.Name(id=name), args=args) if name in _COLLECTING:
            new = any(map(_holds_new, args))
        case ast.Call(func=ast.Attribute(attr=method, value=value)) if method in VIEWS:
            new = _holds_new(value)
        case ast.BinOp(left=left, right=right):
            new = _holds_new(left) or _holds_new(right)
        case _:
            new = True
    return new
