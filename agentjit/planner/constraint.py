"""The grammar that a model's answer is held to: one Python block with a plan of the toolset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from agentjit.compiler.decoding import decoding_grammar, render_gbnf, render_lark
from agentjit.compiler.decoding.rules import Grammar, Reference, Repeat, Rule, sequence
from agentjit.ports import Grammars
from agentjit.toolspecs import Toolset


@dataclass(frozen=True)
class PlanGrammar:
    """The grammars of one toolset, made when they are first asked for."""

    toolset: Toolset

    @cached_property
    def grammars(self) -> Grammars:
        """In both notations."""
        fenced = fence(decoding_grammar(self.toolset))
        return Grammars(lark=render_lark(fenced), gbnf=render_gbnf(fenced))


def fence(grammar: Grammar) -> Grammar:
    """The grammar of the same plans within a Python block, as the prompt's examples have it.

    The block may be closed after every complete line: a mask that forbids the end makes models
    write on.
    """
    line = Reference("line")
    lines = sequence("```python\n", line, Repeat(sequence("\n", line)), "\n```")
    return replace(grammar, rules=(Rule(grammar.rules[0].name, lines), *grammar.rules[1:]))
