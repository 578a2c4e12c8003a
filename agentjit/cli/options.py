"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Task = Annotated[
    str, typer.Argument(metavar="TASK", help="What to do, in one sentence.", show_default=False)
]
Site = Annotated[
    str | None,
    typer.Option("--site", metavar="NAME", help="A bundled site (default: dashdish)."),
]
Tools = Annotated[
    Path | None,
    typer.Option("--tools", metavar="FILE", help="A Python file that holds a Toolset."),
]
Url = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="Where the site is; needed with --tools."),
]
Seed = Annotated[
    str | None,
    typer.Option("--seed", metavar="N", help="Shuffle the bundled site's data: 0, 1, 2, …"),
]
Latency = Annotated[
    str | None,
    typer.Option(
        "--latency",
        metavar="SPEC",
        help="The bundled site's answer times, in seconds: 0.25, uniform:0.1-0.4, lognormal:0.3.",
    ),
]
Faults = Annotated[
    str | None,
    typer.Option(
        "--faults",
        metavar="SPEC",
        help="What goes wrong: error@3, lost@POST:1, slow@/checkout:1x5, layout@2, expire@4, "
        "modal@0.1, or several with commas.",
    ),
]
Layout = Annotated[
    str | None,
    typer.Option("--layout", metavar="a|b", help="How the pages are built: a, or otherwise (b)."),
]
Today = Annotated[
    str | None,
    typer.Option(
        "--today", metavar="DAY", help="The day that the site's dates are relative to: 2026-03-01."
    ),
]
Model = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="PROVIDER/NAME",
        help="The model that plans; needs OPENAI_API_KEY. Several times: they take turns.",
    ),
]
Rounds = Annotated[
    int,
    typer.Option(
        "--max-rounds",
        metavar="N",
        help="How often a model may mend its plan: 1 is not at all.",
    ),
]
MaxCost = Annotated[
    float | None,
    typer.Option("--max-cost", metavar="DOLLARS", help="The most that models may cost."),
]
MaxTokens = Annotated[
    int | None,
    typer.Option("--max-tokens", metavar="N", help="The most tokens that models may take."),
]
MaxSeconds = Annotated[
    float | None,
    typer.Option("--max-seconds", metavar="SECONDS", help="The longest that it may take."),
]
Constraint = Annotated[
    str,
    typer.Option(
        "--grammar",
        metavar="auto|none|openai|vllm|llama.cpp",
        help="How the endpoint can be held to the language of plans; auto finds out, once.",
    ),
]
Goals = Annotated[
    bool,
    typer.Option(
        "--goals/--no-goals",
        help="Whether, beside its plans, the model is asked for the goal alone, as one line, where "
        "the task's words do not tell it.",
    ),
]
NoHeadStart = Annotated[
    bool,
    typer.Option(
        "--no-head-start",
        help="Make no call, not even one that only looks, before the whole plan is there.",
    ),
]
Agree = Annotated[
    bool,
    typer.Option(
        "--agree",
        help="Prefer what more of the plans do over what costs less; where no two agree on what "
        "cannot be taken back, do nothing.",
    ),
]
Protocol = Annotated[
    bool,
    typer.Option(
        "--protocol/--no-protocol",
        help="Whether the prompt tells of state, contracts and effects; plans are checked by them "
        "in any case.",
    ),
]
Record = Annotated[
    Path | None,
    typer.Option("--record", metavar="FILE", help="Keep the models' answers, as JSON lines."),
]
Replay = Annotated[
    Path | None,
    typer.Option(
        "--replay", metavar="FILE", help="Answer from a recording, after the recorded waits."
    ),
]
ReplaySpeed = Annotated[
    float,
    typer.Option(
        "--replay-speed", metavar="X", help="Replay so many times as fast; inf does not wait."
    ),
]
Prices = Annotated[
    Path | None,
    typer.Option(
        "--prices", metavar="FILE", help="What models cost, as TOML: dollars for a million tokens."
    ),
]
Planner = Annotated[
    str,
    typer.Option(
        "--planner",
        metavar="auto|symbolic|model",
        help="Who plans: a model where a key is set, else the built-in planner (auto); or one.",
    ),
]
PlanFile = Annotated[
    str | None,
    typer.Option("--plan", metavar="FILE", help="Use this plan instead of making one; - is stdin."),
]
Schedule = Annotated[
    str,
    typer.Option(
        "--strategy",
        metavar="auto|serial|parallel:K|hedge:N",
        help="How the plan is run: what simulation prefers (auto), in one tab, in up to K at once, "
        "with second copies of late calls, or parallel:K+hedge:N.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Plan anew: neither use nor keep plans of earlier runs.")
]
Graph = Annotated[
    bool,
    typer.Option("--graph", help="Show what waits for what, and which loops run in parallel."),
]
Forecast = Annotated[
    bool,
    typer.Option("--forecast", help="Show what each strategy is expected to take, and why one."),
]
Har = Annotated[
    bool, typer.Option("--har", help="Keep the network, cookies and all, in the run's folder.")
]
Trace = Annotated[
    bool,
    typer.Option("--trace", help="Keep trace.zip in the run's folder: playwright show-trace."),
]
Start = Annotated[
    str | None,
    typer.Option("--start", metavar="PATH", help="Begin at this page of the site."),
]
AllowOrigin = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-origin",
        metavar="ORIGIN",
        help="An origin that the site may load from beside its own: https://cdn.example.com.",
    ),
]
SecretsFile = Annotated[
    Path | None,
    typer.Option(
        "--secrets", metavar="FILE", help="NAME=value lines for the secret:NAME of a task."
    ),
]
AccountName = Annotated[
    str | None,
    typer.Option("--account", metavar="NAME", help="Be logged in: an account of `auth save`."),
]
Cdp = Annotated[
    list[str] | None,
    typer.Option(
        "--cdp",
        metavar="URL",
        help="Use a browser that runs already, by its address; several times: several browsers.",
    ),
]
Headed = Annotated[bool, typer.Option("--headed", help="Show the browser's window.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, and only the result.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Grant irreversible calls without being asked.")
]
RunsDir = Annotated[
    Path, typer.Option("--runs-dir", metavar="DIR", help="Where each run's folder is made.")
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        "--policy",
        metavar="FILE",
        help="A TOML file that allows, asks for or denies irreversible calls "
        "(default: agentjit-policy.toml here, if there is one).",
    ),
]
NoRetry = Annotated[
    bool, typer.Option("--no-retry", help="Do not repeat calls that fail, not even harmless ones.")
]
NoSteps = Annotated[
    bool,
    typer.Option(
        "--no-steps",
        help="Where a tool fails because its page has changed, let no model click instead.",
    ),
]
NoReplan = Annotated[
    bool, typer.Option("--no-replan", help="Make no other plan where one fails on the site.")
]
