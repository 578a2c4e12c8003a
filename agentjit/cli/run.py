"""`agentjit run`: do a task, and show what was done and how that is known."""

from __future__ import annotations

from pathlib import Path

import typer

from agentjit.cli.options import (
    AccountName,
    Agree,
    AllowOrigin,
    AsJson,
    Cdp,
    Constraint,
    Goals,
    Har,
    Headed,
    Latency,
    MaxCost,
    MaxSeconds,
    MaxTokens,
    Model,
    NoCache,
    NoReplan,
    NoRetry,
    PlanFile,
    Planner,
    PolicyFile,
    Prices,
    Protocol,
    Quiet,
    Record,
    Replay,
    ReplaySpeed,
    Rounds,
    RunsDir,
    Schedule,
    SecretsFile,
    Seed,
    Site,
    Start,
    Task,
    Tools,
    Url,
    Yes,
)


def run(  # noqa: PLR0913 - an argument an option
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
    plan: PlanFile = None,
    yes: Yes = False,
    policy: PolicyFile = None,
    no_retry: NoRetry = False,
    no_replan: NoReplan = False,
    no_cache: NoCache = False,
    strategy: Schedule = "auto",
    start: Start = None,
    allow_origin: AllowOrigin = None,
    secrets: SecretsFile = None,
    account: AccountName = None,
    cdp: Cdp = None,
    har: Har = False,
    headed: Headed = False,
    runs_dir: RunsDir = Path("runs"),
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Do a task in a browser, and show what was done.

    The task is planned, the plan is proven against the site's contracts, and each step of it is
    observed. Irreversible steps are asked for on the terminal, with their exact terms.
    """
    from agentjit.cli.performing import Wishes, perform
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
        strategy=strategy,
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
        headed=headed,
        start=start,
        allow_origin=tuple(allow_origin or ()),
        secrets=secrets,
        account=account,
        cdp=cdp,
        har=har,
        policy=policy,
        retry=not no_retry,
        replan=not no_replan,
    )
    wishes = Wishes(plan=plan, yes=yes, runs_dir=runs_dir, as_json=as_json, quiet=quiet)
    raise typer.Exit(perform(task, selection, wishes))
