"""A second task of the same form asks nobody how it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentjit.engine import AgentJIT
from agentjit.ports import RunEvent
from tests.fixtures.fake_endpoint import fake_endpoint, says

pytestmark = pytest.mark.browser

PLAN = """\
goto_store("Taco Bell")
items = list_menu_items()
result = max(items, key=lambda item: item["price"])["name"]
"""
TASK = "What is the most expensive thing that Taco Bell sells?"


async def test_the_model_is_asked_once_for_tasks_of_one_form(tmp_path: Path) -> None:
    async with fake_endpoint(says(PLAN)) as endpoint:
        env = {
            "OPENAI_API_KEY": "sk-test",
            "OPENAI_BASE_URL": endpoint.base_url,
            "AGENTJIT_CACHE": str(tmp_path / "cache"),
        }
        async with AgentJIT("dashdish", env=env, runs_dir=tmp_path) as jit:
            first = await jit.run(TASK)
            asked = len(endpoint.requests)
            again = await jit.run(TASK)
            other = await jit.run(TASK.replace("Taco Bell", "Souvla"))
        async with AgentJIT("dashdish", env=env, runs_dir=tmp_path, cache=False) as jit:
            await jit.run(TASK)

    assert [r.status for r in (first, again, other)] == ["done"] * 3
    assert first.usage.calls >= 1
    assert again.usage.calls == other.usage.calls == 0
    assert again.value == first.value != other.value
    assert other.choice is not None
    assert 'goto_store("Souvla")' in other.choice.winner.candidate.plan
    # Without the cache the model was asked again.
    assert len(endpoint.requests) > asked


async def test_a_kept_plan_that_fails_is_forgotten(tmp_path: Path) -> None:
    events: list[RunEvent] = []
    async with AgentJIT("dashdish", runs_dir=tmp_path, listeners=(events.append,)) as jit:
        first = await jit.run("what is the cheapest item at Taco Bell?")
        failed = await jit.run("what is the cheapest item at Nowhere Inn?")
        after = await jit.run("what is the cheapest item at Nowhere Inn?")

    assert [r.status for r in (first, failed, after)] == ["done", "failed", "no-plan"]
    assert [e.kind for e in events if e.kind.startswith("plan-")] == ["plan-kept", "plan-forgotten"]


async def test_an_edited_plan_is_refused_and_said_so(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    events: list[RunEvent] = []
    env = {"AGENTJIT_CACHE": str(cache)}
    engine = AgentJIT("dashdish", env=env, runs_dir=tmp_path, listeners=(events.append,))
    async with engine as jit:
        await jit.run("what is the cheapest item at Taco Bell?")
        (file,) = cache.glob("plans/*/*.json")
        file.write_text(file.read_text().replace("min(", "max("))
        result = await jit.run("what is the cheapest item at Taco Bell?")

    assert result.status == "done"
    assert result.choice is not None
    assert "min(" in result.choice.winner.candidate.plan
    assert "plan-refused" in [e.kind for e in events]
