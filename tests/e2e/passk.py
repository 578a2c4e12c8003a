"""Measure a model as a planner over the corpus: `agentjit bench model` with a hundred tasks.

    OPENAI_BASE_URL=… OPENAI_API_KEY=… python -m tests.e2e.passk [--samples N] [--record FILE] …

A task that should not be done counts apart: what no plan is right for tells nothing of the rest.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import typer

from agentjit.bench.asking import Question
from agentjit.bench.judging import Judge, Judged
from agentjit.bench.model import run_plan
from agentjit.cli.bench_model import make_command
from tests.e2e.corpus import Entry, judge_entry, load_corpus

#: That of the names in the corpus.
SEED: Final = 0


def load() -> tuple[list[Question], Judge]:
    """The corpus as questions, and whoever judges plans for them."""
    entries = {Question(e.site, e.text, hopeless=e.abstain): e for e in load_corpus()}
    return list(entries), judge_by(entries)


def judge_by(entries: dict[Question, Entry]) -> Judge:
    """Whoever runs a plan and judges it as the corpus does."""

    async def judge(question: Question, plan: str) -> Judged:
        entry = entries[question]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            result = await run_plan(question, plan, folder, seed=SEED, task=entry.task)
            verdict, detail = await judge_entry(entry, result, SEED, folder)
        return Judged(verdict == "right", detail, tuple(c.tool for c in result.commits))

    return judge


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(make_command(load))
    app()
