"""A toolset and a tool, for people and machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from agentjit.cli.values import label_grid
from agentjit.toolspecs import Effect
from agentjit.toolspecs.jsontypes import Record, records_in, show_type

if TYPE_CHECKING:
    from agentjit.toolspecs import Tool, Toolset

_EFFECT_STYLES: Final = {
    Effect.READ: "green",
    Effect.NAVIGATE: "blue",
    Effect.WRITE: "yellow",
    Effect.COMMIT: "bold red",
}


def render_toolset(toolset: Toolset) -> RenderableType:
    """Each tool: signature, effect, contract, summary; above them the state they speak of."""
    parts: list[RenderableType] = [Text(toolset.title, style="bold"), Text(), render_state(toolset)]
    for tool in toolset.tools:
        summary = Text(tool.summary, style="dim")
        parts += [Text(), _head(tool), Padding(summary, (0, 0, 0, 4))]
        parts.append(Padding(_contract(tool), (0, 0, 0, 4)))
    return Group(*parts)


def render_state(toolset: Toolset) -> Table:
    """The state variables."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("state", "type", "scope", "start", ""):
        table.add_column(name, overflow="fold", no_wrap=name in {"state", "scope", "start"})
    for variable in toolset.state.variables:
        start = "unset" if variable.start is None else repr(variable.start)
        scope = variable.scope.value
        table.add_row(variable.name, variable.show_type(), scope, start, Text(variable.doc))
    return table


def render_tool(tool: Tool) -> RenderableType:
    """Everything about one tool."""
    grid = label_grid()
    for param in tool.params:
        origin = f"  from {param.origin.path}" if param.origin else ""
        grid.add_row("argument", Text.assemble(param.show(), (origin, "cyan")))
    grid.add_row("result", show_type(tool.returns))
    for record in _records(tool):
        fields = ", ".join(
            f"{f.name}{'' if f.required else '?'}: {show_type(f.type)}" for f in record.fields
        )
        grid.add_row("", Text.assemble((f"{record.name}  ", "dim"), fields))
    _add_contract(grid, tool)
    for label, names in (("reads", tool.touches.reads), ("writes", tool.touches.writes)):
        told = "not declared: anything" if names is None else ", ".join(sorted(names)) or "nothing"
        grid.add_row(label, told)
    if tool.effect is Effect.COMMIT:
        grid.add_row("terms", f"{tool.terms}()" if tool.terms else "none: nothing can be shown")
        grid.add_row("verify", f"{tool.verify}()" if tool.verify else "none")
    facts = [("idempotent", tool.idempotent), ("resets the tab", tool.resets_tab)]
    grid.add_row("properties", ", ".join(name for name, holds in facts if holds) or "–")
    grid.add_row("timeout", f"{tool.timeout:g} s")
    for label, example in zip(
        ("examples", *[""] * len(tool.examples)), tool.examples, strict=False
    ):
        grid.add_row(label, example)
    return Group(_head(tool), Text(), Padding(Text(tool.doc), (0, 0, 0, 2)), Text(), grid)


def toolset_to_json(toolset: Toolset) -> dict[str, Any]:
    """The toolset as data."""
    state = [
        {
            "name": v.name,
            "type": v.show_type(),
            "scope": v.scope.value,
            "start": v.start,
            "doc": v.doc,
        }
        for v in toolset.state.variables
    ]
    return {
        "name": toolset.name,
        "title": toolset.title,
        "version": toolset.version,
        "start_path": toolset.start_path,
        "state": state,
        "tools": [tool_to_json(tool) for tool in toolset.tools],
    }


def tool_to_json(tool: Tool) -> dict[str, Any]:
    """A tool as data."""
    reads, writes = tool.touches.reads, tool.touches.writes
    return {
        "name": tool.name,
        "signature": tool.signature(),
        "summary": tool.summary,
        "doc": tool.doc,
        "effect": tool.effect.value,
        "requires": tool.contract.show_requires(),
        "ensures": tool.contract.show_ensures(),
        "parameters": [
            {
                "name": p.name,
                "type": show_type(p.type),
                "required": p.required,
                "default": p.default if not p.required else None,
                "from": p.origin.path if p.origin else None,
            }
            for p in tool.params
        ],
        "returns": show_type(tool.returns),
        "records": {r.name: {f.name: show_type(f.type) for f in r.fields} for r in _records(tool)},
        "reads": None if reads is None else sorted(reads),
        "writes": None if writes is None else sorted(writes),
        "idempotent": tool.idempotent,
        "resets_tab": tool.resets_tab,
        "verify": tool.verify,
        "terms": tool.terms,
        "timeout": tool.timeout,
        "examples": list(tool.examples),
    }


def _records(tool: Tool) -> list[Record]:
    """The records of the tool's signature, each after those that it needs."""
    kinds = (*(p.type for p in tool.params), tool.returns)
    return list({r.name: r for kind in kinds for r in records_in(kind)}.values())


def _head(tool: Tool) -> Text:
    effect = (tool.effect.name, _EFFECT_STYLES[tool.effect])
    return Text.assemble((tool.signature(), "bold"), "  ", effect)


def _contract(tool: Tool) -> Table:
    grid = label_grid()
    _add_contract(grid, tool)
    return grid


def _add_contract(grid: Table, tool: Tool) -> None:
    grid.add_row("requires", tool.contract.show_requires() or "–")
    grid.add_row("ensures", tool.contract.show_ensures() or "–")
