"""Made-up trials, for what is worked out of them."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.bench.latency.exercises import Exercise
from agentjit.bench.latency.thinking import Thought
from agentjit.bench.latency.trial import Foretold, Trial

TASKS = ("low-1", "low-2", "high-1")
#: As many as it takes to show a difference where one fails.
MANY = (*TASKS, "low-3", "low-4", "low-5", "low-6")


def exercises() -> tuple[Exercise, ...]:
    return tuple(
        Exercise(
            id=name,
            goal=f"Do {name}.",
            site="dashdish" if "low" in name else "gomail",
            cardinality=name.partition("-")[0],
        )
        for name in TASKS
    )


def trial(
    task: str, system: str, seconds: float, *, passed: bool = True, repeat: int = 0, calls: int = 0
) -> Trial:
    """A trial with calls of one second and 40 tokens each, one after the other."""
    planned = system.startswith("jit")
    return Trial(
        task=task,
        system=system,
        seed=0,
        repeat=repeat,
        passed=passed,
        done=passed,
        findings=() if passed else ("the wrong store",),
        wall_seconds=seconds,
        startup_seconds=0.5,
        first_action_seconds=0.25,
        thoughts=tuple(
            Thought(began=float(n), seconds=1.0, prompt_tokens=1_000, output_tokens=40)
            for n in range(calls)
        ),
        steps=calls,
        actions=10 if "low" in task else 20,
        peak_bytes=200 * 2**20,
        intended=1 if planned else None,
        made=1 if planned else None,
        foretold=Foretold(strategy="serial", p50=1.0, low=0.5, high=2.0, measured=seconds)
        if planned
        else None,
    )


def comparison(tasks: Sequence[str] = TASKS) -> list[Trial]:
    """A loop, plans from a model and from the cache, and a policy; one trial fails."""
    made = []
    for place, task in enumerate(tasks, start=1):
        made += [
            trial(task, "step-loop", 8.0 * place, calls=4),
            trial(task, "jit", 2.0 * place, calls=1),
            trial(task, "jit-serial", 2.5 * place, calls=1),
            trial(task, "jit-warm", 0.5 * place, passed=task != "high-1"),
        ]
    return made
