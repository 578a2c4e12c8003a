"""`agentjit cache`: the plans of verified runs, kept for tasks of the same form."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentjit.cli.options import AsJson

if TYPE_CHECKING:
    from agentjit.planner.plan_cache import Entry, PlanCache

Id = Annotated[
    str, typer.Argument(metavar="ID", help="An entry's id, or how it begins.", show_default=False)
]


def list_plans(*, as_json: AsJson = False) -> None:
    """List the kept plans, the newest first."""
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.values import render_records

    cache = _cache()
    entries = cache.entries()
    if as_json:
        print_json({"folder": str(cache.folder), "plans": [_to_json(e) for e in entries]})
    elif not entries:
        print(f"no plans are kept yet (in {cache.folder})")
    else:
        rows = [
            {
                "id": entry.id,
                "tools": entry.toolset,
                "task": entry.template.show(),
                "kept": _day(entry),
                "written by": entry.origin if entry.intact else "CHANGED since: never used",
            }
            for entry in entries
        ]
        show(standard_output(), render_records(rows))


def show_plan(name: Id, *, as_json: AsJson = False) -> None:
    """Show one kept plan, and the tasks that it is for."""
    from agentjit.cli.consoles import print_json

    entry = _cache().get(name)
    if as_json:
        print_json(_to_json(entry))
        return
    print(f"# {entry.template.show()}")
    print(f"# kept {_day(entry)} for {entry.toolset} {entry.version}; written by {entry.origin}")
    for slot in entry.template.slots:
        print(f"# slot: {slot.kind.value}, here {slot.value!r}")
    if not entry.intact:
        print("# CHANGED after it was kept: it is never used")
    print(entry.template.plan.rstrip("\n"))


def forget_plans(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="An entry's id, or how it begins.", show_default=False),
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Forget all of them.")] = False,
) -> None:
    """Forget one kept plan, or all with --all."""
    from agentjit.errors import UsageError

    if (name is None) != everything:
        raise UsageError("say which plan is to be forgotten", "give its id, or --all")
    cache = _cache()
    for entry in cache.entries() if name is None else [cache.get(name)]:
        cache.forget(entry)
        print(f"forgot {entry.id}: {entry.template.show()}")


def export_plans() -> None:
    """Print all kept plans as one JSON array."""
    from agentjit.cli.consoles import print_json

    print_json([_to_json(entry) for entry in _cache().entries()])


def _cache() -> PlanCache:
    import os

    from agentjit.errors import UsageError
    from agentjit.planner.plan_cache import find_cache

    cache = find_cache(os.environ)
    if cache is None:
        raise UsageError("there is no place to keep plans", "set AGENTJIT_CACHE to a folder")
    return cache


def _day(entry: Entry) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.made_at))


def _to_json(entry: Entry) -> dict[str, Any]:
    return {**entry.to_json(), "intact": entry.intact}
