"""Examples of tools: each is one call of its tool that checks, or is told apart with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Literal

import pytest

from agentjit.compiler.examples import check_examples
from agentjit.diagnostics import render_all
from agentjit.sites.dashdish.tools import TOOLSET
from agentjit.toolspecs import Effect, StateModel, StateValue, Toolset, tool
from tests.conftest import Golden
from tests.fixtures.toolhire.tools import TOOLSET as TOOLHIRE


async def observe(page: Any) -> dict[str, StateValue]:
    """Nothing is ever seen."""
    return {}


@tool(effect=Effect.READ)
async def list_sizes(page: Any) -> list[str]:
    """List the sizes."""
    raise NotImplementedError


def toolset(examples: Sequence[str]) -> Toolset:
    """A toolset with a tool of these examples."""

    @tool(effect=Effect.WRITE, examples=tuple(examples))
    async def send(
        page: Any, to: str, grams: int = 20, speed: Literal["fast", "slow"] = "slow"
    ) -> None:
        """Send a parcel."""

    return Toolset(
        name="post", title="Post", state=StateModel(()), observe=observe, tools=(list_sizes, send)
    )


GOOD: Final = (
    "send('Rome')",
    "send(to='Rome', grams=-1, speed='fast')",
    "send('Rome' + ', Italy', 20 * 2)",
    "# to Italy\nsend('Rome')",
)

STALE: Final = {
    "syntax": "send('Rome'",
    "no_call": "'Rome'",
    "nothing": "",
    "two_calls": "send('Rome')\nsend('Oslo')",
    "assigned": "sent = send('Rome')",
    "other_tool": "list_sizes()",
    "built_in": "ai_eval('Rome?')",
    "renamed": "sendd('Rome')",
    "missing_argument": "send()",
    "unknown_argument": "send('Rome', kilos=2)",
    "too_many_arguments": "send('Rome', 2, 'fast', True)",
    "type": "send('Rome', grams='2')",
    "type_of_expression": "send('Rome', grams=str(2))",
    "choice": "send('Rome',\n     speed='faster')",
    "undefined": "send(city)",
    "nested": "send(list_sizes()[0])",
    "unhashable": "send({[]: 1})",
    "starred": "send(*['Rome'])",
    "outside_language": "send((lambda: (yield))())",
}


def test_examples_that_check_are_quiet() -> None:
    assert check_examples(toolset(GOOD)) == ()


@pytest.mark.parametrize("site", [TOOLSET, TOOLHIRE], ids=lambda t: t.name)
def test_the_examples_of_the_sites_check(site: Toolset) -> None:
    assert any(t.examples for t in site.tools)
    assert check_examples(site) == ()


@pytest.mark.parametrize("name", STALE)
def test_a_stale_example_is_told_with_its_place(name: str, golden: Golden) -> None:
    found = check_examples(toolset((GOOD[0], STALE[name])))
    assert {d.code for d in found} == {"stale-example"}
    assert all(d.source and d.source.name == "send.examples[1]" and d.span for d in found)
    golden(f"examples/{name}.txt", render_all(found) + "\n")


def test_every_stale_example_is_told() -> None:
    found = check_examples(toolset((STALE["type"], GOOD[0], STALE["undefined"])))
    assert [d.source.name for d in found if d.source] == ["send.examples[0]", "send.examples[2]"]


def test_an_example_goes_stale_with_the_signature() -> None:
    old = toolset(GOOD)
    send = old.by_name["send"]
    renamed = replace(send, params=(replace(send.params[0], name="city"), *send.params[1:]))
    found = check_examples(replace(old, tools=(list_sizes, renamed)))
    assert {d.message for d in found} == {
        "send: its example does not check: send() has no parameter `to`",
        "send: its example does not check: send() lacks `city`",
    }
