"""The compiler's front end alone: what comes before types, contracts and provenance."""

from __future__ import annotations

from agentjit.compiler.bindings import check_bindings
from agentjit.compiler.lower import lower
from agentjit.compiler.parse import check_scopes, parse_plan
from agentjit.compiler.subset import check_subset
from agentjit.diagnostics import Diagnostic
from agentjit.source import Source
from agentjit.toolspecs import Toolset


def front_end(text: str, toolset: Toolset) -> list[Diagnostic]:
    """What the front end says of a plan."""
    source = Source("plan", text)
    tree = parse_plan(source)
    if isinstance(tree, Diagnostic):
        return [tree]
    found = check_subset(tree, source, toolset.by_name) or [*check_bindings(tree, source)]
    misplaced = None if found else check_scopes(source)
    if found or misplaced:
        return [*found, *([misplaced] if misplaced else [])]
    _, hidden = lower(tree, source, toolset)
    return hidden
