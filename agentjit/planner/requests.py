"""From a prompt to the parameters of a chat completion, and which of them an endpoint refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from typing import TYPE_CHECKING, Any, Final

from agentjit.ports import Grammars, Prompt

if TYPE_CHECKING:
    from openai import APIStatusError

#: How endpoints take a grammar: not at all, custom tools, `structured_outputs`, `grammar`.
GRAMMAR_FORMS: Final = ("none", "openai", "vllm", "llama.cpp")

#: The tool by which a model answers under a grammar, where a grammar is a tool's.
_TOOL: Final = "answer"

#: Parameters of a request that an endpoint may refuse and that a request can do without.
_OPTIONAL: Final = (
    "response_format",
    "stream_options",
    "stream",
    "seed",
    "temperature",
    "max_tokens",
)
#: Models that know only `max_completion_tokens` think first, and count that as answer.
_THINKING_ROOM: Final = 8


def make_request(
    prompt: Prompt, model: str, *, form: str, stream: bool, without: Set[str]
) -> dict[str, Any]:
    """The body of a chat completion's request, but for what is in `without`.

    `form` is one of GRAMMAR_FORMS: how the endpoint takes the prompt's grammar.
    """
    return dict(_parameters(prompt, model, form, stream, without))


def _parameters(
    prompt: Prompt, model: str, form: str, stream: bool, without: Set[str]
) -> Iterator[tuple[str, Any]]:
    yield "model", model
    messages = [dict(m) for m in prompt.messages]
    # A grammar says more than a schema, and servers take one of the two.
    held_by_grammar = prompt.grammar is not None and form != "none"
    if prompt.schema is not None and not held_by_grammar:
        if "response_format" not in without:
            held: dict[str, Any] = {"name": "answer", "schema": dict(prompt.schema)}
            held["strict"] = is_strict(prompt.schema)
            yield "response_format", {"type": "json_schema", "json_schema": held}
        elif messages:
            wanted = json.dumps(prompt.schema, separators=(",", ":"))
            messages[-1]["content"] += f"\n\nAnswer with JSON of this schema only: {wanted}"
    yield "messages", messages
    if stream and "stream" not in without:
        yield "stream", True
        if "stream_options" not in without:
            yield "stream_options", {"include_usage": True}
    if "temperature" not in without:
        yield "temperature", prompt.temperature
    if prompt.seed is not None and "seed" not in without:
        yield "seed", prompt.seed
    if "max_tokens" not in without:
        yield "max_tokens", prompt.max_tokens
    else:
        room = 1 if prompt.thinks_within else _THINKING_ROOM
        yield "max_completion_tokens", prompt.max_tokens * room
    if prompt.grammar is not None:
        yield from _constraint(prompt.grammar, form)


def _constraint(grammar: Grammars, form: str) -> Iterator[tuple[str, Any]]:
    match form:
        case "openai":
            held = {"syntax": "lark", "definition": grammar.lark}
            tool = {"name": _TOOL, "format": {"type": "grammar", "grammar": held}}
            yield "tools", [{"type": "custom", "custom": tool}]
            yield "tool_choice", {"type": "custom", "custom": {"name": _TOOL}}
        case "vllm":
            yield "structured_outputs", {"grammar": grammar.lark}
        case "llama.cpp":
            yield "grammar", grammar.gbnf
        case _:
            pass


def is_strict(schema: Mapping[str, Any]) -> bool:
    """Whether an endpoint can be strict about it: no field is optional, nothing is left open."""
    fields = schema.get("properties")
    if fields is not None:
        closed = schema.get("additionalProperties") is False
        return (
            closed
            and {*schema.get("required", ())} == {*fields}
            and all(map(is_strict, fields.values()))
        )
    parts = (schema["items"],) if "items" in schema else schema.get("anyOf", ())
    known = "enum" in schema or "anyOf" in schema or schema.get("type", "object") != "object"
    return known and all(map(is_strict, parts))


def refused_parameter(error: APIStatusError, request: Mapping[str, Any]) -> str | None:
    """The parameter that the endpoint does not take, if the request can do without it."""
    told = f"{error.param or ''} {error.message}"
    # A context that is too long is often blamed on `max_tokens` as well.
    signs = {"max_tokens": "max_completion_tokens"}
    sent = [name for name in _OPTIONAL if name in request]
    named = [name for name in sent if signs.get(name, name) in told]
    if named:
        return named[0]
    # Servers complain of schemas in many words; nothing else in a request is as likely refused.
    return "response_format" if "response_format" in sent else None
