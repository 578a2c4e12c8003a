"""Types as plans name them: in annotations, and as what `ai_eval` returns."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Final

from agentjit.compiler.decoding.literals import STRING
from agentjit.compiler.decoding.rules import (
    Expression,
    Literal,
    Reference,
    Repeat,
    Rule,
    choice,
    optional,
    sequence,
)
from agentjit.toolspecs.stubs import all_records
from agentjit.toolspecs.toolset import Toolset

TYPE: Final = Reference("type")

#: What `isinstance` may be asked.
CLASSES: Final = choice("str", "int", "float", "bool", "list", "dict")

_PLAIN_NAME: Final = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")


def type_rules(toolset: Toolset) -> Iterator[Rule]:
    """Scalars, lists, dicts, alternatives, and the records of the toolset by their names."""
    plain = Reference("plain_type")
    names = choice("str", "int", "float", "bool", "list", "dict", *_record_names(toolset))
    one = Reference("one_type")
    yield Rule(plain.name, names)
    yield Rule(
        one.name,
        choice(
            plain,
            "None",
            sequence("list[", plain, "]"),
            sequence("dict[str, ", plain, "]"),
            sequence("Literal[", STRING, Repeat(sequence(", ", STRING)), "]"),
        ),
    )
    yield Rule(TYPE.name, sequence(one, optional(" | ", one)))


def _record_names(toolset: Toolset) -> Iterator[Expression]:
    for record in all_records(toolset):
        # A `TypedDict` that was made by a call may have any name.
        if _PLAIN_NAME.fullmatch(record.name) and not keyword.iskeyword(record.name):
            yield Literal(record.name)
