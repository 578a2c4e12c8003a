"""From a toolset to a grammar whose every derivation the compiler's front end accepts.

The front end is all that comes before types, contracts and provenance. Three things are beyond a
context-free grammar (or not worth its size), and a derived text may still be told of them:

* `plan-too-large`: it is longer than a plan may be, binds too many names, or one of its expressions
  has too many operands. Nesting is within the limits.
* `changed-while-looping`: a loop with tool calls changes the very list that it goes over.
* Names that are read before they are bound, which is for the type checker to say.

What it derives is a part of the language in one layout: no comments, no helper functions, double
quotes, one blank around operators. Tools, parameters and a choice's values are literals, required
arguments are there, and a text may end after every complete statement: a mask that forbids to end
makes models write on.
"""

from __future__ import annotations

from agentjit.compiler.decoding.calls import call_rules, question_rules
from agentjit.compiler.decoding.expressions import (
    MAX_DEPTH,
    Layer,
    expression_rules,
    expression_terminals,
    target_rules,
)
from agentjit.compiler.decoding.literals import fstring_rules, literal_terminals
from agentjit.compiler.decoding.names import name_terminals
from agentjit.compiler.decoding.rules import Grammar, Rule, Terminal
from agentjit.compiler.decoding.statements import statement_rules
from agentjit.compiler.decoding.typenames import type_rules
from agentjit.toolspecs.toolset import Toolset

#: What a derived text may still be told by the front end, by code.
REMAINING = frozenset({"plan-too-large", "changed-while-looping"})


def decoding_grammar(toolset: Toolset) -> Grammar:
    """The grammar of plans over the toolset."""
    rules: list[Rule] = [*statement_rules(), *target_rules()]
    for depth in range(MAX_DEPTH, -1, -1):
        rules += expression_rules(Layer(depth, pure=False))
        rules += call_rules(toolset, depth)
    for depth in range(MAX_DEPTH, -1, -1):
        rules += expression_rules(Layer(depth, pure=True))
    rules += [*question_rules(), *fstring_rules(), *type_rules(toolset)]
    terminals: list[Terminal] = [
        *name_terminals(toolset),
        *literal_terminals(),
        *expression_terminals(),
    ]
    return Grammar(tuple(rules), tuple(terminals)).trimmed()
