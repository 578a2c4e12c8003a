"""What a JSON type says of its values."""

from __future__ import annotations

from functools import reduce

from agentjit.compiler.atoms import ANYTHING, NOT_NONE, Belief, among
from agentjit.toolspecs.jsontypes import Anything, Choice, Either, JsonType, Scalar


def belief_of_type(kind: JsonType) -> Belief:
    """What is known of a value because it is of this type."""
    match kind:
        case Scalar("None"):
            return among(None)
        case Scalar("bool"):
            return among(True, False)
        case Choice(values):
            return among(*values)
        case Either(members):
            return reduce(Belief.either, [belief_of_type(m) for m in members])
        case Anything():
            return ANYTHING
        case _:
            return NOT_NONE
