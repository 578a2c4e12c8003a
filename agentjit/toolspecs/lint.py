"""Lint of a toolset: every way in which contracts can be wrong without any plan at hand."""

from __future__ import annotations

from agentjit.diagnostics import Diagnostic, has_errors
from agentjit.toolspecs.lint_clauses import lint_clauses
from agentjit.toolspecs.lint_declarations import lint_name, lint_records, lint_shape, lint_state
from agentjit.toolspecs.lint_effects import lint_effect, lint_options
from agentjit.toolspecs.lint_links import lint_links, lint_verify
from agentjit.toolspecs.lint_reach import lint_dead_ends, lint_reachable, lint_unused
from agentjit.toolspecs.toolset import Toolset


def lint(toolset: Toolset) -> tuple[Diagnostic, ...]:
    """All that is wrong with the toolset, errors and warnings, in the order of its declarations.

    Whether the tools' `examples` still check is told by `compiler.examples.check_examples`.
    """
    found: list[Diagnostic] = [*lint_shape(toolset)]
    if found:
        # It is not even made of tools and variables; no other rule could read it.
        return tuple(found)
    found += lint_state(toolset.state)
    by_name = {t.name: t for t in toolset.tools}
    names: set[str] = set()
    for tool in toolset.tools:
        found += tool.problems
        found += lint_name(tool, names)
        names.add(tool.name)
        found += lint_clauses(tool, toolset.state)
        found += lint_effect(tool, toolset.state)
        found += lint_links(tool, by_name)
    found += lint_records(toolset)
    # Reachability is told only of contracts that make sense in themselves.
    if not has_errors(found):
        found += lint_reachable(toolset)
    if not has_errors(found):
        found += lint_dead_ends(toolset)
        found += lint_unused(toolset)
        for tool in toolset.tools:
            found += lint_options(tool)
    for tool in toolset.tools:
        found += lint_verify(tool, by_name)
    return tuple(found)
