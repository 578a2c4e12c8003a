"""A comparison's folder: results.json with everything, tables as CSV; and reading it again."""

from __future__ import annotations

import csv
import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.measuring import Findings, Plan, Skipped
from agentjit.bench.latency.outside import Outside
from agentjit.bench.latency.summary import Row, Summary, summarise
from agentjit.bench.latency.trial import Trial, trial_from_json
from agentjit.errors import UsageError
from agentjit.planner.prices import Price
from agentjit.runtime.installation import read_version

FILE: Final = "results.json"
#: The form of the file.
FORM: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A comparison: how it was made, its trials, and what follows from them."""

    about: Mapping[str, Any]
    exercises: tuple[Exercise, ...]
    trials: tuple[Trial, ...]
    skipped: tuple[Skipped, ...]
    summary: Summary

    def to_json(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "form": FORM,
            "about": dict(self.about),
            "tasks": [_task_to_json(each) for each in self.exercises],
            "summary": self.summary.to_json(),
            "skipped": [
                {"system": each.system, "task": each.task, "why": each.why} for each in self.skipped
            ],
            "trials": [trial.to_json() for trial in self.trials],
        }


def make_results(
    plan: Plan, findings: Findings, command: str, priced: tuple[str, Price] | None = None
) -> Results:
    """What is written down of a comparison. There must be a trial."""
    about = describe(plan, command) | {
        "complete": findings.complete,
        "price": None if priced is None else priced[0],
    }
    price = None if priced is None else priced[1]
    return Results(
        about=about,
        exercises=plan.exercises,
        trials=tuple(findings.trials),
        skipped=tuple(findings.skipped),
        summary=summarise(findings.trials, plan.exercises, price),
    )


def describe(plan: Plan, command: str) -> dict[str, Any]:
    """How a comparison is made: versions, machine, seeds, and the command."""
    model = plan.model
    return {
        "command": command,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {
            "agentjit": version("agentjit"),
            "python": platform.python_version(),
            "playwright": version("playwright"),
            "browser": read_version(plan.browser) or "unknown",
            **{
                f"{each.name}: {package}": number
                for each in plan.systems
                if isinstance(each, Outside)
                for package, number in each.versions.items()
            },
        },
        "machine": {
            "system": f"{platform.system()} {platform.release()}",
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gib": round(
                os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1
            ),
            "load": [round(each, 2) for each in os.getloadavg()],
        },
        "systems": [each.name for each in plan.systems],
        "seeds": sorted({each.seed for each in plan.exercises}),
        "repeats": plan.repeats,
        "warm_up": plan.warm_up,
        "site_latency": plan.latency,
        "model": model.kind,
        "think": model.think.to_json() if model.kind == "scripted" else None,
        "limits": asdict(plan.limits),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.machine()


def _task_to_json(exercise: Exercise) -> dict[str, Any]:
    return {
        "id": exercise.id,
        "goal": exercise.goal,
        "site": exercise.site,
        "kind": exercise.kind,
        "seed": exercise.seed,
        "cardinality": exercise.cardinality,
        "ladder": exercise.rung is not None,
    }


def write_results(results: Results, folder: Path) -> None:
    """Write results.json, trials.csv and summary.csv. Raises UsageError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(_show(results.to_json()), "utf-8")
        _write_table(folder / "trials.csv", map(_flat, results.trials))
        _write_table(folder / "summary.csv", map(_flat_row, results.summary.rows))
    except OSError as error:
        raise UsageError(
            f"the results cannot be written to {folder}: {error.strerror}",
            "choose another folder with --out",
        ) from error


def _show(data: dict[str, Any]) -> str:
    """Indented, but for the trials: one a line, so that a change of one is a change of a line."""
    trials = data.pop("trials")
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in trials)
    head = json.dumps(data, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{head},\n "trials": [\n{lines}\n ]\n}}\n'


def _flat(trial: Trial) -> dict[str, Any]:
    data = trial.to_json()
    del data["thoughts"], data["deeds"]
    foretold = data.pop("foretold") or {}
    data["findings"] = "; ".join(data["findings"])
    return data | {
        "strategy": foretold.get("strategy"),
        "forecast_p50": foretold.get("p50"),
        "performed_seconds": foretold.get("measured"),
    }


def _flat_row(row: Row) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.to_json().items():
        if isinstance(value, dict):
            flat[name] = value["value"]
            flat[f"{name}_low"], flat[f"{name}_high"] = value["interval"]
        else:
            flat[name] = value
    return flat


def _write_table(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    table = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]) if table else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def read_results(folder: Path) -> tuple[Mapping[str, Any], Sequence[Trial]]:
    """How a comparison was made, and its trials. Raises UsageError where the folder holds none."""
    try:
        data = json.loads((folder / FILE).read_text("utf-8"))
        if data["form"] != FORM:
            raise UsageError(f"the results in {folder} are of form {data['form']}, and not {FORM}")
        return data["about"], [trial_from_json(each) for each in data["trials"]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(
            f"{folder} holds no results of a comparison: {error}",
            "`agentjit bench latency --out FOLDER` makes them",
        ) from error
