"""Which forecast is preferred, which may not be chosen, and why: in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from agentjit.scheduler.forecast import TAB_MEMORY, Forecast, Wishes
from agentjit.scheduler.hedging import Delays
from agentjit.scheduler.profile import Latencies
from agentjit.scheduler.strategies import Hedge, Objective, Parallel, Serial, Strategy, open_tabs

#: Calls of a tool that must have been measured, for it to be known when one is late.
MEASURED: Final = 8
#: A strategy that uses more has to be better by this share, and one that makes copies by more.
MARGIN: Final = 0.01
COPY_MARGIN: Final = 0.05


def admit(
    forecast: Forecast,
    others: Sequence[Forecast],
    delays: Delays,
    wishes: Wishes,
    latencies: Latencies,
) -> Forecast:
    """With the reason why it may not be chosen, if there is one."""
    problem = _over_budget(forecast, wishes)
    if not problem and isinstance(forecast.strategy, Hedge):
        plain = Parallel(forecast.strategy.workers)
        calls = next((f.requests for f in others if f.strategy == plain), forecast.requests)
        if forecast.requests > calls * wishes.requests:
            problem = f"more than {wishes.requests:g} times the requests"
        else:
            problem = _unmeasured(delays, latencies)
    return replace(forecast, problem=problem)


def _over_budget(forecast: Forecast, wishes: Wishes) -> str:
    strategy = forecast.strategy
    if wishes.memory is not None and open_tabs(strategy) > max(1, wishes.memory // TAB_MEMORY):
        return f"its tabs would take more than {wishes.memory:g} MiB"
    if not isinstance(strategy, Serial) and strategy.workers > wishes.workers:
        return f"more than {wishes.workers} workers"
    if wishes.money is not None and forecast.money > wishes.money:
        return f"model calls would cost {forecast.money:g}, more than {wishes.money:g}"
    return ""


def _unmeasured(delays: Delays, latencies: Latencies) -> str:
    """A prior says how long a call takes, but not how often one takes ten times as long."""
    seen = latencies.profile.tools
    for tool in sorted(delays.by_tool):
        if tool not in seen or len(seen[tool].times) < MEASURED:
            return f"{tool} was measured too rarely to say when it is late"
    return ""


def prefer(forecasts: Sequence[Forecast], wishes: Wishes) -> tuple[Strategy, str]:
    """The choice, and why."""
    objective = wishes.objective
    if wishes.forced is not None:
        of_it = [f for f in forecasts if _is_asked_for(f.strategy, wishes.forced)]
        if of_it:
            fitting = [f for f in of_it if not f.problem] or of_it
            return _sparing(fitting, objective, COPY_MARGIN).strategy, "it was asked for"
        return wishes.forced, "it was asked for, and nothing of the program takes a tab"
    allowed = [f for f in forecasts if not f.problem]
    if not allowed:
        least = forecasts[0]
        return least.strategy, f"nothing fits the budgets, and it uses the least: {least.problem}"
    best = min(f.score(objective) for f in allowed)
    plain = [f for f in allowed if not isinstance(f.strategy, Hedge)]
    if any(f.score(objective) <= best * (1 + COPY_MARGIN) for f in plain):
        chosen = _sparing(plain, objective, MARGIN)
    else:
        chosen = _sparing(allowed, objective, COPY_MARGIN)
    return chosen.strategy, _reason(chosen, allowed, wishes)


def _sparing(forecasts: Sequence[Forecast], objective: Objective, margin: float) -> Forecast:
    """The first that is hardly worse than the best: they are in the order of what they use."""
    best = min(f.score(objective) for f in forecasts)
    return next(f for f in forecasts if f.score(objective) <= best * (1 + margin))


def _is_asked_for(strategy: Strategy, forced: Strategy) -> bool:
    if isinstance(strategy, Hedge) and isinstance(forced, Hedge) and forced.late is None:
        return (strategy.copies, strategy.workers) == (forced.copies, forced.workers)
    return strategy == forced


def _reason(chosen: Forecast, allowed: Sequence[Forecast], wishes: Wishes) -> str:
    objective = wishes.objective
    names = {"mean": "mean", "p95": "p95", "per-success": "time per success"}
    name, score = names[objective.value], chosen.score(objective)
    others = [f for f in allowed if f is not chosen]
    if not others:
        return "there is no other way"
    next_best = min(others, key=lambda f: f.score(objective))
    if isinstance(chosen.strategy, Serial):
        if next_best.score(objective) > score * (1 - 1e-6):
            return "nothing of it can run at the same time"
        return f"nothing is faster: {next_best.strategy} has a {name} of {_s(next_best, wishes)}"
    serial = next(f for f in allowed if isinstance(f.strategy, Serial))
    gain = serial.score(objective) / max(score, 1e-9)
    return (
        f"its {name} is {_s(chosen, wishes)}, {gain:.1f} times shorter than serial's;"
        f" {next_best.strategy} has {_s(next_best, wishes)}"
    )


def _s(forecast: Forecast, wishes: Wishes) -> str:
    return f"{forecast.score(wishes.objective):.2f} s"
