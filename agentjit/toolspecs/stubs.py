"""Python stubs of a toolset: what a type checker and a model see of it."""

from __future__ import annotations

from keyword import iskeyword

from agentjit.toolspecs.jsontypes import Field, Record, records_in, show_type
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset


def show_record(record: Record) -> str:
    """The record as a `TypedDict` class, or as a call where a key is no name."""
    if not all(f.name.isidentifier() and not iskeyword(f.name) for f in record.fields):
        pairs = ", ".join(f"{f.name!r}: {_show_field(f)}" for f in record.fields)
        return f"{record.name} = TypedDict({record.name!r}, {{{pairs}}})"
    lines = [f"class {record.name}(TypedDict):"]
    lines += [f"    {each.name}: {_show_field(each)}" for each in record.fields]
    return "\n".join(lines if record.fields else [*lines, "    pass"])


def _show_field(field: Field) -> str:
    kind = show_type(field.type)
    return kind if field.required else f"NotRequired[{kind}]"


def all_records(toolset: Toolset) -> tuple[Record, ...]:
    """Every record that the toolset's signatures mention, once, each after those it needs."""
    found: dict[str, Record] = {}
    for tool in toolset.tools:
        for kind in (*(p.type for p in tool.params), tool.returns):
            for record in records_in(kind):
                found.setdefault(record.name, record)
    return tuple(found.values())


def show_stub(tool: Tool) -> str:
    """The tool's signature as a one-line stub."""
    return f"def {tool.signature()}: ..."


def render_stubs(toolset: Toolset) -> str:
    """A stub module for the type checker."""
    parts = ["from typing import Any, Literal, NotRequired, TypedDict"]
    parts += [show_record(r) for r in all_records(toolset)]
    parts += [show_stub(t) for t in toolset.tools]
    return "\n\n".join(parts) + "\n"
