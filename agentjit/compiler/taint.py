"""Untrusted values: what a page or the model said, where it reaches an irreversible call.

A plan's calls are fixed before any page is read, so no page can add one; but what a page says may
be sent on. That is told, and shown again when the call is to be granted. Values are followed, not
choices: a literal that was picked because of what a page said is the plan's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from agentjit.compiler.ir import NodeId, Program, calls_in
from agentjit.compiler.messages import AnswerCommitted, PageCommitted
from agentjit.compiler.origins import Origins
from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.effects import Effect
from agentjit.toolspecs.toolset import Toolset
from agentjit.toolspecs.words import AI_EVAL

#: For each call, the arguments that hold something untrusted, and who said it.
Untrusted: TypeAlias = Mapping[NodeId, Mapping[str, tuple[str, ...]]]


def trace_untrusted(program: Program, origins: Origins) -> Untrusted:
    """The untrusted arguments of every call, with the tools (or ai_eval) that they came from."""
    found: dict[NodeId, dict[str, tuple[str, ...]]] = {}
    for call in calls_in(program.body):
        for name, expr in call.args:
            if sources := origins.sources_of(expr):
                found.setdefault(call.id, {})[name] = tuple(sorted(sources))
    return found


def tell_untrusted(
    program: Program, toolset: Toolset, untrusted: Untrusted
) -> Iterator[Diagnostic]:
    """A remark for each of a COMMIT; the model's own answers are worth more than a note."""
    for call in calls_in(program.body):
        if toolset.by_name[call.tool].effect is not Effect.COMMIT:
            continue
        for name, sources in untrusted.get(call.id, {}).items():
            kind = AnswerCommitted if AI_EVAL in sources else PageCommitted
            told = " and ".join(f"{source}()" for source in sources)
            span = dict(call.args)[name].span
            yield kind(tool=call.tool, parameter=name, sources=told, span=span)
