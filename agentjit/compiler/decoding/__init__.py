"""The plan language of a toolset as a grammar, for models whose decoding can be constrained."""

from agentjit.compiler.decoding.gbnf import render_gbnf
from agentjit.compiler.decoding.lark import render_lark
from agentjit.compiler.decoding.plans import REMAINING, decoding_grammar

__all__ = ["REMAINING", "decoding_grammar", "render_gbnf", "render_lark"]
