"""A comparison as pictures: SVG texts by name. Needs matplotlib, which the extra `bench` brings."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from agentjit.bench.latency.grouping import mean_by_task
from agentjit.bench.latency.results import Results
from agentjit.bench.latency.thinking import CURVE_FIRST, CURVE_RATE
from agentjit.bench.latency.trial import Trial
from agentjit.errors import UsageError

#: Rates at which the curve is drawn over the seconds to the first token.
_DRAWN_RATES: Final = (CURVE_RATE[0], 80.0, CURVE_RATE[-1])
#: No timestamps and no random ids: the same figures give the same file.
_STYLE: Final = {
    "svg.hashsalt": "agentjit",
    "svg.fonttype": "none",
    "font.size": 9,
    # Names are names, whatever dollars they have.
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def require_matplotlib() -> None:
    """Raise UsageError where plots cannot be drawn."""
    if find_spec("matplotlib") is None:
        raise UsageError(
            "plots need matplotlib", "pip install 'agentjit[bench]', or go without: --no-plots"
        )


def draw_plots(results: Results) -> dict[str, str]:
    """All pictures that there is something to draw for. Raises UsageError without matplotlib."""
    require_matplotlib()
    matplotlib: Any = import_module("matplotlib")
    matplotlib.use("svg")
    pyplot: Any = import_module("matplotlib.pyplot")
    drawn: dict[str, str] = {}
    with matplotlib.rc_context(_STYLE):
        for name, draw in _PLOTS.items():
            figure = draw(pyplot, results)
            if figure is not None:
                drawn[name] = _as_svg(figure)
                pyplot.close(figure)
    return drawn


def _as_svg(figure: Any) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def latency_accuracy(pyplot: Any, results: Results) -> Any:
    """Each system at its mean seconds and the share of its trials that passed."""
    figure, axes = pyplot.subplots(figsize=(6.5, 3.6))
    rows = [row for row in results.summary.whole if row.begun]
    for row in sorted(rows, key=lambda row: row.mean.value):
        at, passed = row.mean.value, 100 * row.passed
        spread = [[at - row.mean.low], [row.mean.high - at]]
        axes.errorbar(at, passed, xerr=spread, fmt="o", capsize=2, label=row.system)
    # Neighbours are mostly as right as one another: names beside the dots would cover each other.
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    axes.set(xlabel="mean seconds (95 % interval)", ylabel="passed, %", ylim=(-4, 108))
    _log_axis(pyplot, axes, "x")
    return figure


def speed_up_by_task(pyplot: Any, results: Results) -> Any:
    """How many times as fast as the baseline, task by task, where both passed."""
    baseline, trials = results.summary.baseline, results.trials
    theirs = _passed_means(trials, baseline)
    systems = [name for name in results.about["systems"] if name != baseline]
    ours = {name: _passed_means(trials, name) for name in systems}
    known = dict.fromkeys(exercise.id for exercise in results.exercises)
    tasks = [
        task for task in known if task in theirs and any(task in each for each in ours.values())
    ]
    if not tasks:
        return None
    figure, axes = pyplot.subplots(figsize=(7.5, 1.2 + 0.2 * len(tasks)))
    for name in systems:
        places = [place for place, task in enumerate(tasks) if task in ours[name]]
        ratios = [theirs[tasks[place]] / ours[name][tasks[place]] for place in places]
        if places:
            axes.plot(ratios, places, "o", markersize=4, label=name)
    axes.axvline(1, color="grey", linewidth=0.8)
    axes.set_yticks(range(len(tasks)), tasks)
    axes.invert_yaxis()
    _log_axis(pyplot, axes, "x")
    axes.set_xlabel(f"times as fast as {baseline}")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def think_curve(pyplot: Any, results: Results) -> Any:
    """Seconds of each system over the time to the first token, at three rates."""
    curves = results.summary.curves
    if not curves:
        return None
    figure, panels = pyplot.subplots(1, len(_DRAWN_RATES), figsize=(9.5, 3.4), sharey=True)
    for axes, rate in zip(panels, _DRAWN_RATES, strict=True):
        for curve in curves:
            axes.plot(
                CURVE_FIRST,
                [curve.seconds[first, rate] for first in CURVE_FIRST],
                marker=".",
                label=curve.system,
            )
        axes.set(title=f"{rate:g} tokens a second", xlabel="seconds to the first token")
        _log_axis(pyplot, axes, "y")
    panels[0].set_ylabel(f"seconds, geometric mean of {curves[0].tasks} tasks")
    panels[-1].legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def gantt(pyplot: Any, results: Results) -> Any:
    """Where the time goes in one trial of each system, on the task with the most calls."""
    told = [t for t in results.trials if t.passed and t.repeat == 0]
    with_deeds = [t for t in told if t.deeds]
    if not with_deeds:
        return None
    task = max(with_deeds, key=lambda t: len(t.deeds)).task
    some = {t.system: t for t in told if t.task == task}
    figure, axes = pyplot.subplots(figsize=(8.5, 0.9 + 0.45 * len(some)))
    for place, trial in enumerate(some.values()):
        _draw_trial(axes, place, trial)
    axes.set_yticks(range(len(some)), list(some))
    axes.invert_yaxis()
    axes.set_xlabel(f"seconds of {task}; grey: the model thinks, blue: calls of tools, by tab")
    return figure


def _draw_trial(axes: Any, place: int, trial: Trial) -> None:
    axes.barh(place, trial.wall_seconds, height=0.7, color="none", edgecolor="silver")
    for thought in trial.thoughts:
        axes.barh(place, thought.seconds, left=thought.began, height=0.7, color="lightgrey")
    tabs = sorted({deed.tab for deed in trial.deeds})
    height = 0.7 / max(1, len(tabs))
    for deed in trial.deeds:
        at = place - 0.35 + height * (tabs.index(deed.tab) + 0.5)
        axes.barh(
            at,
            deed.seconds,
            left=deed.began,
            height=height,
            color="steelblue",
            edgecolor="white",
            linewidth=0.4,
        )


def _log_axis(pyplot: Any, axes: Any, which: str) -> None:
    """A logarithmic axis with plain numbers on it."""
    getattr(axes, f"set_{which}scale")("log")
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(pyplot.LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(pyplot.FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(pyplot.NullFormatter())


def _passed_means(trials: Sequence[Trial], system: str | None) -> Mapping[str, float]:
    return mean_by_task([trial for trial in trials if trial.system == system and trial.passed])


_PLOTS: Final[Mapping[str, Callable[[Any, Results], Any]]] = {
    "latency-accuracy": latency_accuracy,
    "speed-up-by-task": speed_up_by_task,
    "think-curve": think_curve,
    "gantt": gantt,
}
