from __future__ import annotations

import asyncio
from pathlib import Path

from agentjit.bench.answers import open_source
from agentjit.bench.asking import Question, ask_all, order
from agentjit.bench.model import paper_tasks
from agentjit.planner.capability import FormMemory
from agentjit.planner.models import ModelSettings
from tests.cli.conftest import Agentjit
from tests.fixtures.fake_endpoint import fake_endpoint, says


async def record(question: Question, path: Path) -> None:
    """One sample with the protocol and one without."""
    async with fake_endpoint(says("I would rather not.")) as endpoint:
        settings = ModelSettings(name="openai/fake", base_url=endpoint.base_url, api_key="sk-1")
        memory = FormMemory(None)
        async with open_source(settings, path, grammar="none", memory=memory) as source:
            await ask_all(order([question], 1), source)


def test_without_a_model_there_is_nothing_to_measure(agentjit: Agentjit) -> None:
    called = agentjit("bench", "model")
    assert called.code == 2
    assert "OPENAI_API_KEY" in called.err


def test_a_recording_is_told_without_a_model(agentjit: Agentjit, tmp_path: Path) -> None:
    assert len(paper_tasks()) == 37
    path = tmp_path / "said.jsonl"
    asyncio.run(record(next(q for q in paper_tasks() if q.site == "reddit"), path))
    verdicts = str(tmp_path / "verdicts.jsonl")
    told = ("bench", "model", "--replay", str(path), "--verdicts", verdicts)
    data = agentjit(*told, "--json").data
    assert data["model"] == "openai/fake"
    assert [(row["site"], row["samples"], row["valid"]) for row in data["rows"]] == [
        ("reddit", 1, 0.0),
        ("reddit", 1, 0.0),
        ("all", 1, 0.0),
        ("all", 1, 0.0),
    ]
    shown = agentjit(*told, "--no-run").out
    assert "plan-does-nothing" in shown
    assert agentjit(*told, "--site", "gomail").code == 2
    assert agentjit(*told, "--site", "reddit", "--every", "9", "--no-run").out == shown
