from __future__ import annotations

from agentjit.cli.selection import select_toolset
from agentjit.planner.candidate import Task
from agentjit.planner.prompt import build_messages
from tests.cli.conftest import Agentjit
from tests.conftest import Golden

TASK = "order the cheapest item from Taco Bell"


def test_the_prompt_is_printed_as_it_would_be_sent(agentjit: Agentjit, golden: Golden) -> None:
    golden("cli/prompt.txt", agentjit("prompt", TASK).out)


def test_as_json_it_is_the_request(agentjit: Agentjit) -> None:
    task = Task(TASK, select_toolset(None, None))
    data = agentjit("prompt", TASK, "--json").data
    assert data["messages"] == [dict(m) for m in build_messages(task)]
    assert (data["seed"], data["temperature"], data["max_tokens"]) == (1, 0.0, 1024)
    terse = agentjit("prompt", TASK, "--sample", "2", "--no-protocol", "--json").data
    expected = build_messages(task, protocol=False, variant="terse")
    assert terse["messages"] == [dict(m) for m in expected]


def test_a_prompt_without_a_task_or_a_sample_is_a_usage_error(agentjit: Agentjit) -> None:
    assert agentjit("prompt", " ").code == 2
    assert agentjit("prompt", TASK, "--sample", "0").code == 2
