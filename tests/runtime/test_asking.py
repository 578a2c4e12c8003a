"""Questions to a model: data and question go out, an answer of the asked type comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

import pytest

from agentjit.errors import ModelError, ValueRejected
from agentjit.ports import Completion, Prompt, Usage, Watch
from agentjit.runtime.asking import ask, read_answer, schema_of
from agentjit.toolspecs.jsontypes import from_annotation


@dataclass(slots=True)
class Parrot:
    """A model that says what it was told to say."""

    text: str
    heard: list[Prompt] = field(default_factory=list)
    name: str = "test/parrot"

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        self.heard.append(prompt)
        return reply(self.text)


def reply(text: str) -> Completion:
    return Completion(text=text, usage=Usage(1, 10, 5), seconds=0.1)


class Dish(TypedDict):
    """Something to eat."""

    name: str
    spicy: bool


async def test_the_model_gets_the_question_the_data_and_a_schema() -> None:
    model = Parrot('{"answer": 3}')
    completion = await ask(model, "How many?", from_annotation(int), {"names": ["tea", "café"]})
    assert read_answer(completion, from_annotation(int)) == 3
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
        await ask(None, "How many?", from_annotation(int), {})
    assert "OPENAI_API_KEY" in caught.value.hint


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
    assert schema_of(from_annotation(Any)) == {}
    assert json.dumps(schema_of(from_annotation(float))) == '{"type": "number"}'
