"""Expressions by depth, twice: those that may call tools, and pure ones (`pure_…`).

A depth is one pair of brackets inside another; each refers to the one below. Which operator binds
tighter is the parser's business: any chain of operands is an expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agentjit.compiler.decoding.literals import FSTRING, INT, LOGIC, NUMBER, OPERATOR, STRING
from agentjit.compiler.decoding.names import NAME
from agentjit.compiler.decoding.rules import (
    Expression,
    Reference,
    Repeat,
    Rule,
    Terminal,
    at_most,
    choice,
    optional,
    sequence,
)
from agentjit.compiler.decoding.typenames import CLASSES
from agentjit.compiler.methods import PURE

#: Brackets inside brackets, of one expression.
MAX_DEPTH: Final = 3
#: Operands of one chain after the first, and subscripts and methods after a value.
_MAX_MORE: Final = 5
_MAX_STEPS: Final = 3
#: Names of one target after the first.
_MAX_TARGETS: Final = 3

METHOD: Final = Reference("METHOD")
TARGETS: Final = Reference("targets")


@dataclass(frozen=True, slots=True)
class Layer:
    """The expressions of one depth, that may call tools or not."""

    depth: int
    pure: bool

    @property
    def below(self) -> Layer:
        """What stands inside the brackets."""
        return Layer(self.depth - 1, self.pure)

    @property
    def calm(self) -> Layer:
        """The same depth without calls of tools."""
        return Layer(self.depth, pure=True)

    def named(self, what: str) -> str:
        """The rule's name: `expr_2`, `pure_expr_2`."""
        return f"{'pure_' if self.pure else ''}{what}_{self.depth}"

    def refer(self, what: str) -> Reference:
        """A reference to one of the layer's rules."""
        return Reference(self.named(what))


def expression_terminals() -> Iterator[Terminal]:
    """The methods that leave what they are called on as it is."""
    yield Terminal(METHOD.name, sequence(".", choice(*sorted(PURE - {"join"})), "("))


def target_rules() -> Iterator[Rule]:
    """One name or several, the last of which may take what is left."""
    more = at_most(_MAX_TARGETS, ", ", NAME)
    yield Rule(TARGETS.name, sequence(NAME, more, optional(", *", NAME)))


def expression_rules(layer: Layer) -> Iterator[Rule]:
    """The rules of one layer; those of the layers below are taken for granted."""
    expr, chain, operand, more, primary, base, step = map(
        layer.refer, ("expr", "chain", "operand", "more", "primary", "base", "step")
    )
    yield Rule(expr.name, sequence(chain, optional(" if ", chain, " else ", chain)))
    yield Rule(chain.name, sequence(optional("not "), operand, at_most(_MAX_MORE, more)))
    link = choice(OPERATOR, sequence(LOGIC, optional("not ")))
    yield Rule(more.name, choice(sequence(link, operand), " is None", " is not None"))
    literals = (NUMBER, STRING, FSTRING, "True", "False", "None")
    steps = at_most(_MAX_STEPS, step)
    display = sequence(choice(*_displays(layer)), steps) if layer.depth else choice("[]", "{}")
    yield Rule(operand.name, choice(*literals, display, primary))
    yield Rule(primary.name, sequence(base, steps))
    calls = () if layer.pure else (Reference(f"call_{layer.depth}"),)
    if layer.depth == 0:
        yield Rule(base.name, choice(NAME, *calls))
        yield Rule(
            step.name, choice(sequence("[", choice(STRING, INT, NAME), "]"), sequence(METHOD, ")"))
        )
        yield Rule(layer.named("iterable"), chain)
        return
    below = layer.below
    inner = below.refer("expr")
    function = layer.refer("function")
    yield Rule(
        base.name,
        choice(NAME, *calls, function, sequence("(", inner, ")"), sequence(STRING, _join(below))),
    )
    index = choice(inner, sequence(optional(inner), ":", optional(inner)))
    arguments = optional(inner, optional(", ", inner))
    yield Rule(
        step.name,
        choice(sequence("[", index, "]"), sequence(METHOD, arguments, ")"), _join(below)),
    )
    yield Rule(function.name, choice(*_functions(below)))
    yield Rule(layer.named("iterable"), choice(chain, *_iterators(below)))
    yield from _clause_rules(below)


def _displays(layer: Layer) -> Iterator[Expression]:
    """Tuples, lists, sets and dicts: written out, and by comprehension."""
    below = layer.below
    item, clause = below.refer("expr"), below.refer("clause")
    pair = sequence(item, ": ", item)
    more = Repeat(sequence(", ", item))
    loops = sequence(clause, optional(clause))
    yield sequence("(", item, Repeat(sequence(", ", item), 1), ")")
    yield sequence("[", choice(sequence(item, choice(more, loops)), sequence()), "]")
    yield sequence(
        "{",
        choice(
            sequence(item, choice(more, loops)),
            sequence(pair, choice(Repeat(sequence(", ", pair)), loops)),
            sequence(),
        ),
        "}",
    )


def _clause_rules(layer: Layer) -> Iterator[Rule]:
    """`for … in …`, and the generator that it makes."""
    source, test = layer.refer("iterable"), layer.refer("chain")
    filtered = optional(" if ", test)
    yield Rule(layer.named("clause"), sequence(" for ", TARGETS, " in ", source, filtered))
    each = sequence(layer.refer("expr"), layer.refer("clause"))
    yield Rule(layer.named("generator"), each)
    # One that stops early: only what it goes over may be called for.
    calm = layer.calm
    tested = optional(" if ", calm.refer("chain"))
    early = sequence(calm.refer("expr"), " for ", TARGETS, " in ", source, tested)
    yield Rule(layer.named("early"), early)


def _join(layer: Layer) -> Expression:
    return sequence(".join(", choice(layer.refer("iterable"), layer.refer("generator")), ")")


def _functions(layer: Layer) -> Iterator[Expression]:
    """Calls of built-in functions, with arguments of the layer."""
    item, many = layer.refer("expr"), layer.refer("iterable")
    one = choice("abs(", "bool(", "float(", "int(", "len(", "repr(", "str(")
    key = optional(", key=", _key(layer))
    yield sequence(one, item, ")")
    yield sequence("round(", item, optional(", ", INT), ")")
    yield sequence("divmod(", item, ", ", item, ")")
    yield sequence("isinstance(", item, ", ", CLASSES, ")")
    yield sequence("range(", item, optional(", ", item), ")")
    yield sequence(choice("dict(", "list(", "set(", "tuple("), optional(many), ")")
    yield sequence(choice("all(", "any(", "sum("), many, ")")
    others = choice(sequence(", ", item), sequence(key, optional(", default=", item)))
    yield sequence(choice("max(", "min("), many, others, ")")
    yield sequence("sorted(", many, key, optional(", reverse=True"), ")")
    taking = choice(*(f"{name}(" for name in "all any list max min set sorted sum tuple".split()))
    yield sequence(taking, layer.refer("generator"), ")")
    default = optional(", ", layer.calm.refer("expr"))
    yield sequence(
        "next(",
        choice(layer.refer("early"), sequence("(", layer.refer("early"), ")", default)),
        ")",
    )


def _key(layer: Layer) -> Expression:
    """What `key=` is given: pure, whatever is around it."""
    return choice("abs", "len", "str", sequence("lambda ", NAME, ": ", layer.calm.refer("expr")))


def _iterators(layer: Layer) -> Iterator[Expression]:
    """What can be gone through once: it stands where that happens, and is never kept."""
    many = layer.refer("iterable")
    yield sequence(choice("enumerate(", "reversed("), many, ")")
    yield sequence("zip(", many, Repeat(sequence(", ", many), 1), ")")
    function = choice(
        "str", "int", "float", "len", sequence("lambda ", NAME, ": ", layer.calm.refer("expr"))
    )
    yield sequence("map(", function, ", ", many, ")")
    test = choice("None", sequence("lambda ", NAME, ": ", layer.calm.refer("expr")))
    yield sequence("filter(", test, ", ", many, ")")
