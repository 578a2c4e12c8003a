"""Where the operands of an expression stand, in Python's order of evaluation."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One operand: a field of a node, or one element of a field that is a list."""

    owner: ast.AST
    field: str
    index: int | None = None

    def get(self) -> ast.expr:
        """The operand that stands here."""
        value = getattr(self.owner, self.field)
        operand: ast.expr = value if self.index is None else value[self.index]
        return operand

    def put(self, node: ast.expr) -> None:
        """Put another operand here."""
        if self.index is None:
            setattr(self.owner, self.field, node)
        else:
            getattr(self.owner, self.field)[self.index] = node


def slots_of(node: ast.AST) -> list[Slot]:
    """The operands of a node, those inside keywords, slices and f-strings included."""
    if isinstance(node, ast.Dict):
        found = []
        for index, key in enumerate(node.keys):
            found += [Slot(node, "keys", index)] if key is not None else []
            found.append(Slot(node, "values", index))
        return found
    found = []
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            for index, item in enumerate(value):
                found += _slot(Slot(node, field, index), item)
        else:
            found += _slot(Slot(node, field), value)
    return found


def _slot(slot: Slot, item: object) -> list[Slot]:
    match item:
        case ast.keyword() | ast.Slice() | ast.FormattedValue() | ast.Starred():
            return slots_of(item)
        case ast.JoinedStr() if isinstance(slot.owner, ast.FormattedValue):
            return slots_of(item)
        case ast.Attribute() if slot.field == "func":
            # A method's receiver is evaluated before the arguments; the method is no value.
            return [Slot(item, "value")]
        case ast.Name() if slot.field == "func":
            return []
        case ast.expr():
            return [slot]
        case _:
            return []


def is_atom(node: ast.expr) -> bool:
    """Whether evaluating the node later gives the same: a name, a literal."""
    return isinstance(node, ast.Name | ast.Constant)
