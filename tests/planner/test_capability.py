"""Grammars at endpoints: how each takes them, found out by what it does, and remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lark import Lark

from agentjit.planner.candidate import Task
from agentjit.planner.capability import FormMemory, choose_form, find_memory
from agentjit.planner.constraint import PlanGrammar
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.models import ModelSettings
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.ports import Grammars, Prompt
from tests.fixtures.fake_endpoint import (
    FakeEndpoint,
    Reply,
    Seen,
    fails,
    fake_endpoint,
    says,
    writes,
)
from tests.fixtures.toolhire.tools import TOOLSET

WORD = "AGENTJIT-7"
GRAMMARS = Grammars(lark='start: "x"\n', gbnf='root ::= "x"\n')
HELLO = Prompt(messages=({"role": "user", "content": "hello"},), grammar=GRAMMARS)
PLAN = 'open_depot("Millbrook")\nresult = len(show_machines())\n'


def model_of(endpoint: FakeEndpoint) -> EndpointModel:
    return EndpointModel(
        ModelSettings(
            name="openai/fake", base_url=endpoint.base_url, api_key="sk-test-0123456789", retries=0
        )
    )


def constraint_of(body: dict[str, Any]) -> dict[str, Any]:
    names = ("tools", "tool_choice", "structured_outputs", "grammar")
    return {name: body[name] for name in names if name in body}


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("none", {}),
        ("vllm", {"structured_outputs": {"grammar": GRAMMARS.lark}}),
        ("llama.cpp", {"grammar": GRAMMARS.gbnf}),
        (
            "openai",
            {
                "tools": [
                    {
                        "type": "custom",
                        "custom": {
                            "name": "answer",
                            "format": {
                                "type": "grammar",
                                "grammar": {"syntax": "lark", "definition": GRAMMARS.lark},
                            },
                        },
                    }
                ],
                "tool_choice": {"type": "custom", "custom": {"name": "answer"}},
            },
        ),
    ],
)
async def test_each_form_sends_the_grammar_in_its_own_field(
    form: str, sent: dict[str, Any]
) -> None:
    async with fake_endpoint(says("x")) as endpoint, model_of(endpoint) as model:
        model.form = form
        await model.complete(HELLO)
    assert constraint_of(endpoint.requests[0].body) == sent


async def test_an_answer_that_comes_as_a_tools_input_is_read() -> None:
    call = {"type": "custom", "custom": {"name": "answer", "input": "x"}}
    body = {"choices": [{"message": {"content": None, "tool_calls": [call]}}]}
    async with fake_endpoint(Reply(json.dumps(body))) as endpoint, model_of(endpoint) as model:
        assert (await model.complete(HELLO)).text == "x"


@pytest.mark.parametrize(
    ("owner", "answer", "form"),
    [
        ("llamacpp", says(WORD), "llama.cpp"),
        ("vllm", says(WORD), "vllm"),
        # It takes the field and does not mind it.
        ("llamacpp", says("Hello!"), "none"),
        ("vllm", fails(400, "no such field"), "none"),
        ("somebody", says(WORD), "none"),
        (None, says(WORD), "none"),
    ],
)
async def test_a_server_is_believed_by_what_it_does_and_asked_once(
    owner: str | None, answer: Reply, form: str, tmp_path: Path
) -> None:
    memory = FormMemory(tmp_path / "new" / "grammar.json")
    async with fake_endpoint(answer, owner=owner) as endpoint, model_of(endpoint) as model:
        assert await choose_form(model, "auto", memory, lambda probe: probe) == form
        asked = len(endpoint.requests)
        assert asked == (owner in {"llamacpp", "vllm"})
        assert await choose_form(model, "auto", memory, lambda probe: probe) == form
        assert len(endpoint.requests) == asked


@pytest.mark.parametrize("status", [401, 429, 503])
async def test_a_failure_that_says_nothing_of_grammars_is_not_remembered(
    status: int, tmp_path: Path
) -> None:
    memory = FormMemory(tmp_path / "grammar.json")
    replies = (fails(status, "no"), says(WORD))
    async with fake_endpoint(*replies, owner="vllm") as endpoint, model_of(endpoint) as model:
        assert await choose_form(model, "auto", memory, lambda probe: probe) == "none"
        assert await choose_form(model, "auto", memory, lambda probe: probe) == "vllm"


async def test_what_is_wanted_is_neither_tried_nor_remembered(tmp_path: Path) -> None:
    memory = FormMemory(tmp_path / "grammar.json")
    async with fake_endpoint(says("x"), owner="vllm") as endpoint, model_of(endpoint) as model:
        assert await choose_form(model, "llama.cpp", memory, lambda probe: probe) == "llama.cpp"
    assert endpoint.requests == []
    assert memory.recall(f"{endpoint.base_url} fake") is None


@pytest.mark.parametrize("text", ["", "[1]", '{"http://x/v1 fake": "telepathy"}'])
def test_a_memory_that_is_damaged_is_no_memory(text: str, tmp_path: Path) -> None:
    (tmp_path / "grammar.json").write_text(text)
    memory = find_memory({"AGENTJIT_CACHE": str(tmp_path)})
    assert memory.recall("http://x/v1 fake") is None
    memory.keep("http://x/v1 fake", "vllm")
    assert memory.recall("http://x/v1 fake") == "vllm"


def test_without_a_home_nothing_is_remembered() -> None:
    memory = find_memory({})
    memory.keep("http://x/v1 fake", "vllm")
    assert memory.recall("http://x/v1 fake") is None


async def test_the_best_guess_is_left_free_and_the_others_are_held() -> None:
    seen: list[bool] = []

    def script(_: int, request: Seen) -> Reply:
        seen.append("grammar" in request.body)
        return writes(PLAN)

    task = Task("how many machines does Millbrook have?", TOOLSET)
    async with fake_endpoint(script=script) as endpoint, model_of(endpoint) as model:
        model.form = "llama.cpp"
        how = Sampling(workers=4, n_valid=9, grammar=PlanGrammar(TOOLSET).grammars)
        await sample_plans(task, model, how)
    assert sorted(seen) == [False, True, True, True]


def test_the_block_may_be_closed_after_every_line() -> None:
    parser = Lark(PlanGrammar(TOOLSET).grammars.lark, parser="earley", keep_all_tokens=True)
    lines = (
        'open_depot("Millbrook")',
        "machines = show_machines()",
        'for machine in machines:\n    if machine["kind"] == "drill":\n        back_to_start()',
        "result = len(machines)",
    )
    for count in range(1, len(lines) + 1):
        parser.parse("```python\n" + "\n".join(lines[:count]) + "\n```")
