"""Python stubs of a toolset: what a type checker and a model see of it."""

from __future__ import annotations

from agentjit.toolspecs.jsontypes import Record, records_in, show_type
from agentjit.toolspecs.tool import Tool
from agentjit.toolspecs.toolset import Toolset


def show_record(record: Record) -> str:
    """The record as a `TypedDict` class."""
    lines = [f"class {record.name}(TypedDict):"]
    for each in record.fields:
        kind = show_type(each.type)
        lines.append(f"    {each.name}: {kind if each.required else f'NotRequired[{kind}]'}")
    return "\n".join(lines if record.fields else [*lines, "    pass"])


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
