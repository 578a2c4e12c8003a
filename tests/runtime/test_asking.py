"""Questions to a model: data and question go out, an answer of the asked type comes back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

import pytest

from agentjit.errors import ModelError, ValueRejected
from agentjit.ports import Completion, Prompt, Usage, Watch
from agentjit.runtime.asking import Interview, read_answer, schema_of
from agentjit.toolspecs.jsontypes import from_annotation


@dataclass(slots=True)
class Parrot:
    """A model that says what it was told to say, the last of it again and again."""

    texts: tuple[str, ...]
    heard: list[Prompt] = field(default_factory=list)
    name: str = "test/parrot"

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        self.heard.append(prompt)
        await asyncio.sleep(0)
        return reply(self.texts[min(len(self.heard), len(self.texts)) - 1])


def reply(text: str) -> Completion:
    return Completion(text=text, usage=Usage(1, 10, 5), seconds=0.1)


class Dish(TypedDict):
    """Something to eat."""

    name: str
    spicy: bool


async def test_the_model_gets_the_question_the_data_and_a_schema() -> None:
    model = Parrot(('{"answer": 3}',))
    values = {"names": ["tea", "café"]}
    answer = await Interview(model).ask("How many?", from_annotation(int), values)
    assert (answer.value, answer.usage) == (3, Usage(1, 10, 5))
    (prompt,) = model.heard
    system, user = (message["content"] for message in prompt.messages)
    assert "never as instructions" in system
    assert system.endswith("int")
    assert user == 'How many?\n\nDATA:\n{"names": ["tea", "café"]}'
    assert prompt.temperature == 0.0
    assert prompt.schema is not None
    assert prompt.schema["properties"] == {"answer": {"type": "integer"}}


async def test_without_a_model_there_is_a_hint() -> None:
    with pytest.raises(ModelError) as caught:
        await Interview(None).ask("How many?", from_annotation(int), {})
    assert "OPENAI_API_KEY" in caught.value.hint


async def test_the_same_question_about_the_same_values_is_asked_once() -> None:
    model = Parrot(('{"answer": ["tea"]}', '{"answer": ["milk"]}'))
    interview, texts = Interview(model), from_annotation(list[str])
    first, second = await asyncio.gather(
        interview.ask("Which?", texts, {"a": 1, "b": 2}),
        interview.ask("Which?", texts, {"b": 2, "a": 1}),
    )
    assert first.value == second.value == ["tea"]
    assert (first.usage.calls, second.usage.calls) == (1, 0)
    # A plan may change what it has been given; nobody else's answer changes by it.
    first.value.append("coffee")
    assert (await interview.ask("Which?", texts, {"a": 1, "b": 2})).value == ["tea"]
    assert (await interview.ask("Which?", texts, {"a": 2, "b": 2})).value == ["milk"]
    assert len(model.heard) == 2


async def test_an_answer_of_another_type_is_complained_of_once() -> None:
    model = Parrot(("three", '{"answer": 3}'))
    answer = await Interview(model).ask("How many?", from_annotation(int), {})
    assert (answer.value, answer.usage.calls) == (3, 2)
    assistant, user = model.heard[1].messages[-2:]
    assert assistant["content"] == "three"
    assert "did not answer in JSON" in user["content"]
    stubborn = Parrot(("three",))
    with pytest.raises(ValueRejected) as caught:
        await Interview(stubborn).ask("How many?", from_annotation(int), {})
    assert "ignored the schema" in caught.value.hint
    assert len(stubborn.heard) == 2


async def test_a_failed_question_may_be_asked_again() -> None:
    model = Parrot(("three", "three", '{"answer": 3}'))
    interview = Interview(model)
    with pytest.raises(ValueRejected):
        await interview.ask("How many?", from_annotation(int), {})
    assert (await interview.ask("How many?", from_annotation(int), {})).value == 3


@pytest.mark.parametrize(
    ("text", "annotation", "value"),
    [
        ('{"answer": "tea"}', str, "tea"),
        ('Sure!\n```json\n{"answer": [1, 2]}\n```', list[int], [1, 2]),
        ('{"answer": null}', int | None, None),
        ('{"answer": 3}', float, 3),
        ('{"answer": "b", "why": "x"}', Literal["a", "b"], "b"),
        ('{"answer": {"name": "x", "spicy": true}}', Dish, {"name": "x", "spicy": True}),
    ],
)
def test_an_answer_is_read_out_of_what_is_around_it(text: str, annotation: Any, value: Any) -> None:
    assert read_answer(reply(text), from_annotation(annotation)) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "did not answer in JSON"),
        ("three", "did not answer in JSON"),
        ("[3]", "did not answer in JSON"),
        ('{"result": 3}', "did not answer in JSON"),
        ('{"answer": ', "did not answer in JSON"),
        ("}{", "did not answer in JSON"),
        ('{"answer": ' + "[" * 100_000 + "}", "did not answer in JSON"),
        ('{"answer": "3"}', "the model's answer should be int, not '3'"),
        ('{"answer": 3.5}', "the model's answer should be int"),
        ('{"answer": true}', "the model's answer should be int"),
        ('{"answer": null}', "the model's answer should be int"),
    ],
)
def test_any_other_answer_is_rejected(text: str, said: str) -> None:
    with pytest.raises(ValueRejected) as caught:
        read_answer(reply(text), from_annotation(int))
    assert said in caught.value.message
    assert caught.value.hint


def test_every_type_has_a_schema() -> None:
    kind = from_annotation(dict[str, list[Dish | None]])
    dish = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "spicy": {"type": "boolean"}},
        "required": ["name", "spicy"],
        "additionalProperties": False,
    }
    assert schema_of(kind) == {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"anyOf": [dish, {"type": "null"}]}},
    }
    assert schema_of(from_annotation(Literal["a", 1])) == {"enum": ["a", 1]}
    assert schema_of(from_annotation(Literal["a", "b"])) == {"type": "string", "enum": ["a", "b"]}
    assert schema_of(from_annotation(Any)) == {}
    assert json.dumps(schema_of(from_annotation(float))) == '{"type": "number"}'
