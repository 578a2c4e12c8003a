"""`agentjit plan`: show everything that a run would do, and do nothing."""

from __future__ import annotations

import typer

from agentjit.cli.options import (
    AccountName,
    Agree,
    AllowOrigin,
    AsJson,
    Cdp,
    Constraint,
    Forecast,
    Goals,
    Graph,
    Latency,
    MaxCost,
    MaxSeconds,
    MaxTokens,
    Model,
    NoCache,
    PlanFile,
    Planner,
    Prices,
    Protocol,
    Quiet,
    Record,
    Replay,
    ReplaySpeed,
    Rounds,
    SecretsFile,
    Seed,
    Site,
    Start,
    Task,
    Tools,
    Url,
)


def plan(  # noqa: PLR0913 - an argument an option
    task: Task,
    *,
    site: Site = None,
    tools: Tools = None,
    url: Url = None,
    seed: Seed = None,
    latency: Latency = None,
    model: Model = None,
    planner: Planner = "auto",
    max_rounds: Rounds = 1,
    grammar: Constraint = "auto",
    goals: Goals = True,
    agree: Agree = False,
    protocol: Protocol = True,
    record: Record = None,
    replay: Replay = None,
    replay_speed: ReplaySpeed = 1.0,
    max_cost: MaxCost = None,
    max_tokens: MaxTokens = None,
    max_seconds: MaxSeconds = None,
    prices: Prices = None,
    given: PlanFile = None,
    no_cache: NoCache = False,
    allow_origin: AllowOrigin = None,
    secrets: SecretsFile = None,
    account: AccountName = None,
    cdp: Cdp = None,
    start: Start = None,
    graph: Graph = False,
    forecast: Forecast = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show what would be done and why, and do nothing.

    Shows the plan, the proof of its contracts, the plans that lost and why they did.
    """
    from agentjit.cli.proposing import Extras, propose
    from agentjit.cli.selection import Selection

    selection = Selection(
        site=site,
        tools=tools,
        url=url,
        seed=seed,
        latency=latency,
        model=model,
        planner=planner,
        cache=not no_cache,
        allow_origin=tuple(allow_origin or ()),
        secrets=secrets,
        account=account,
        cdp=cdp,
        max_rounds=max_rounds,
        grammar=grammar,
        goals=goals,
        agree=agree,
        protocol=protocol,
        record=record,
        replay=replay,
        replay_speed=replay_speed,
        max_cost=max_cost,
        max_tokens=max_tokens,
        max_seconds=max_seconds,
        prices=prices,
        start=start,
    )
    extras = Extras(graph=graph, forecast=forecast)
    raise typer.Exit(propose(task, selection, given, extras, as_json=as_json, quiet=quiet))
