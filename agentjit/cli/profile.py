"""`agentjit profile`: what was measured of the sites, which forecasts of schedules rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentjit.cli.options import AsJson, Site, Tools

if TYPE_CHECKING:
    from agentjit.runtime.profile_store import ProfileStore
    from agentjit.scheduler.profile import Profile
    from agentjit.toolspecs import Toolset


def show_profile(*, site: Site = None, tools: Tools = None, as_json: AsJson = False) -> None:
    """Show what is known of a site's latencies: a line a tool, tabs, models, slowdown by tabs."""
    from agentjit.cli.consoles import print_json, show, standard_output
    from agentjit.cli.selection import select_toolset
    from agentjit.cli.values import render_records

    toolset = select_toolset(site, tools)
    store = _store()
    profile = store.load(toolset.name, toolset.version)
    if as_json:
        print_json(_to_json(profile, toolset, store))
        return
    rows = _rows(profile, toolset)
    if not any(row["samples"] for row in rows):
        print(f"nothing was measured of {toolset.name} {toolset.version} yet (in {store.folder})")
        print("until then a forecast takes these:")
    show(standard_output(), render_records(rows))
    for line in _remarks(profile, toolset):
        print(line)


def reset_profile(
    *,
    site: Site = None,
    everything: Annotated[bool, typer.Option("--all", help="Forget all sites.")] = False,
) -> None:
    """Forget what was measured of a site, or of all with --all."""
    from agentjit.errors import UsageError

    if (site is None) != everything:
        raise UsageError("say whose measurements are to be forgotten", "give --site NAME, or --all")
    forgotten = _store().reset(site)
    for profile in forgotten:
        calls = sum(len(calls.times) for calls in profile.tools.values())
        print(f"forgot {profile.site} {profile.version}: {calls} calls")
    if not forgotten:
        print("nothing was measured yet" if site is None else f"nothing was measured of {site} yet")


def _store() -> ProfileStore:
    import os

    from agentjit.errors import UsageError
    from agentjit.runtime.profile_store import find_profiles

    store = find_profiles(os.environ)
    if store is None:
        raise UsageError("there is no place to keep profiles", "set AGENTJIT_CACHE to a folder")
    return store


def _rows(profile: Profile, toolset: Toolset) -> list[dict[str, Any]]:
    """Tools, then tabs: seconds with one busy tab, the prior included."""
    from agentjit.scheduler.profile import Calls, read_latencies

    latencies = read_latencies(profile, toolset)
    told = []
    for tool in toolset.tools:
        samples = len(profile.tools.get(tool.name, Calls()).times)
        seconds = latencies.tool(tool.name, tool.effect)
        told.append((tool.name, tool.effect.value, samples, seconds))
    told.append(("(open a tab)", "", profile.opening.count, latencies.opening()))
    told.append(("(reset a tab)", "", profile.reset.count, latencies.reset()))
    rows = []
    for name, effect, samples, seconds in told:
        figures = {
            "mean": seconds.mean,
            "p50": seconds.quantile(0.5),
            "p95": seconds.quantile(0.95),
        }
        rounded = {f"{which} s": round(value, 3) for which, value in figures.items()}
        rows.append({"tool": name, "effect": effect, "samples": samples, **rounded})
    return rows


def _remarks(profile: Profile, toolset: Toolset) -> list[str]:
    from agentjit.scheduler.calibration import calibrate
    from agentjit.scheduler.profile import read_latencies

    latencies = read_latencies(profile, toolset)
    line = profile.answers.line()
    rate = f"{1 / line.each:.0f} tokens/s" if line.each else "any number of tokens at once"
    answers = len(profile.answers.seen)
    factors = latencies.contention.factors
    told = ", ".join(f"{busy} tabs ×{factor:.2f}" for busy, factor in enumerate(factors, start=1))
    slowdown = told if len(factors) > 1 else "never measured with more than one busy tab"
    return [
        f"model calls: {line.first:.2f} s to the first token, {rate} ({answers} measured)",
        f"slowdown: {slowdown}",
        f"forecasts: {calibrate(profile.records)}",
    ]


def _to_json(profile: Profile, toolset: Toolset, store: ProfileStore) -> dict[str, Any]:
    from agentjit.scheduler.calibration import calibrate
    from agentjit.scheduler.profile import read_latencies
    from agentjit.scheduler.profile_json import profile_to_json

    found = calibrate(profile.records)
    line = profile.answers.line()
    return {
        "site": toolset.name,
        "version": toolset.version,
        "file": str(store.file(toolset.name, toolset.version)),
        "tools": _rows(profile, toolset),
        "model": {"first_token": line.first, "each_token": line.each},
        "slowdown": list(read_latencies(profile, toolset).contention.factors),
        "calibration": {"runs": found.runs, "covered": found.covered, "bias": found.bias},
        "samples": profile_to_json(profile),
    }
