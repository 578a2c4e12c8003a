"""Which names pure statements read before they bind them, and which they are certain to bind."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from agentjit.compiler.ir import Program
from agentjit.compiler.names import binds, bound_names, reads
from agentjit.compiler.tree import children, parsed_statements, walk
from agentjit.toolspecs.words import PLAN_BUILTINS


@dataclass(frozen=True, slots=True)
class Exposure:
    """What pure code does with names, as seen from outside."""

    #: Read before the code itself has certainly bound them.
    reads: frozenset[str]
    #: Bound on every way through.
    certain: frozenset[str]
    #: Bound on some way through.
    binds: frozenset[str]


@lru_cache(maxsize=4096)
def exposure_of(text: str) -> Exposure:
    """What the statements of this text read and bind."""
    body = parsed_statements(text).body
    found: set[str] = set()
    certain = _block(body, frozenset(), found)
    return Exposure(
        frozenset(found - PLAN_BUILTINS),
        certain,
        frozenset[str]().union(*(binds(stmt) for stmt in body)),
    )


def read_by_helpers(program: Program) -> Mapping[str, frozenset[str]]:
    """For each helper, the plan's names that calling it reads, through other helpers too."""
    helpers = {
        name: reads(parsed_statements(text).body[0]) - PLAN_BUILTINS
        for name, text in program.helpers
    }
    growing = True
    while growing:
        growing = False
        for name, found in helpers.items():
            more = found.union(*(helpers[n] for n in found if n in helpers))
            growing = growing or more != found
            helpers[name] = more
    return {name: found - helpers.keys() for name, found in helpers.items()}


@lru_cache(maxsize=4096)
def makes_function(text: str) -> bool:
    """Whether a function is made here that outlives the call it is made for, if there is one."""
    tree = parsed_statements(text)
    passed = {
        arg
        for node in walk(tree)
        if isinstance(node, ast.Call)
        for arg in (*node.args, *(k.value for k in node.keywords))
    }
    return any(isinstance(node, ast.Lambda) and node not in passed for node in walk(tree))


def _block(body: Iterable[ast.stmt], bound: frozenset[str], found: set[str]) -> frozenset[str]:
    """The names that are bound after the statements; what they expose is added to `found`."""
    for stmt in body:
        match stmt:
            case ast.For():
                found |= reads(stmt.iter) - bound
                found |= reads(stmt.target) - bound
                _block(stmt.body, bound | bound_names(stmt.target), found)
                _block(stmt.orelse, bound, found)
            case ast.While():
                found |= reads(stmt.test) - bound
                _block(stmt.body, bound, found)
                _block(stmt.orelse, bound, found)
            case ast.If():
                found |= reads(stmt.test) - bound
                bound = _block(stmt.body, bound, found) & _block(stmt.orelse, bound, found)
            case ast.FunctionDef():
                bound |= {stmt.name}
            case _:
                found |= reads(stmt) - bound
                bound |= _bound_here(stmt)
    return bound


def _bound_here(stmt: ast.stmt) -> frozenset[str]:
    if isinstance(stmt, ast.AnnAssign) and stmt.value is None:
        return frozenset()
    if isinstance(stmt, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = [c for c in children(stmt) if c is not stmt.value]
        return frozenset[str]().union(*(bound_names(t) for t in targets))
    return frozenset()
