"""A model is asked for a goal record only: what it answers is read, and vouched for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark

from agentjit.planner.goals.asking import (
    NoGoal,
    ask_for_goal,
    goal_grammar,
    goal_prompt,
    task_spans,
)
from agentjit.planner.goals.record import parse_goal
from agentjit.planner.goals.record_grammar import record_grammar
from agentjit.planner.goals.record_writing import show_goal
from agentjit.planner.goals.vouching import offered
from agentjit.planner.requests import make_request
from agentjit.ports import Completion, Prompt, Usage, Watch
from agentjit.sites import load_site
from tests.compiler.decoding.derivations import Deriver
from tests.conftest import Golden
from tests.laws import LAW

TASK = 'Reply "unsubscribe" to the first four emails in the inbox.'
#: Tasks out of which records are derived at random.
DERIVED: Final = (
    ("gomail", TASK),
    ("dashdish", "Order the cheapest item under $12.50 from Taco Bell, twice"),
    ("omnizon", 'How many results for "kettle" are rated over 4.5?'),
    ("gitlab", "Invite vinta to byteblaze/timeit as a Developer"),
    ("reddit", "Upvote the newest post in the books forum"),
)
RECORD = 'reply_to_email(body="unsubscribe") for list_emails() first 4'


@dataclass
class Answering:
    """A model that gives one answer, and keeps what it was asked."""

    text: str
    asked: list[Prompt] = field(default_factory=list)
    name: str = "test/answering"

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        self.asked.append(prompt)
        return Completion(text=self.text, usage=Usage(1, 100, 30), seconds=0.5)


@pytest.mark.parametrize("answer", [RECORD, json.dumps({"goal": RECORD}), f"```\n{RECORD}\n```"])
async def test_the_line_is_read_from_what_endpoints_answer(answer: str) -> None:
    model = Answering(answer)
    goal = await ask_for_goal(TASK, load_site("gomail").toolset, model)
    assert show_goal(goal) == RECORD
    assert model.asked[0].schema is not None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("I would reply to them.", "goal-syntax"),
        (RECORD.replace("unsubscribe", "hello"), "goal-invented-slot"),
        ('send_email(to="a", subject="inbox", body="unsubscribe")', "goal-invented-slot"),
        ("delete_email_batch() for list_mails()", "goal-unknown-name"),
    ],
)
async def test_what_cannot_be_used_is_refused(answer: str, code: str) -> None:
    with pytest.raises(NoGoal) as raised:
        await ask_for_goal(TASK, load_site("gomail").toolset, Answering(answer))
    assert raised.value.diagnostics[0].code == code


def test_only_what_the_task_asks_for_is_offered() -> None:
    toolset = load_site("gomail").toolset
    names = {tool.name for tool in offered(TASK, toolset) if not tool.effect.harmless}
    assert "reply_to_email" in names
    assert not names & {"send_draft", "delete_email_batch", "star_emails"}
    asked = {tool.name for tool in offered("How many emails are there?", toolset)}
    assert not asked & {"send_email", "delete_email"}


def test_the_grammar_derives_the_record_and_no_other_text() -> None:
    lark = goal_grammar(TASK, load_site("gomail").toolset).lark
    grammar = Lark(lark, parser="earley")
    assert grammar.parse(RECORD).data == "start"
    for wrong in (RECORD.replace("unsubscribe", "hello"), RECORD.replace("body", "colour")):
        with pytest.raises(Exception, match=r"No terminal|Unexpected"):
            grammar.parse(wrong)


@LAW
@given(st.sampled_from(DERIVED), st.randoms(use_true_random=False))
def test_whatever_the_grammar_derives_is_a_record(case: tuple[str, str], chance: Random) -> None:
    site, task = case
    toolset = load_site(site).toolset
    grammar = record_grammar(task_spans(task), offered(task, toolset), toolset)
    line = Deriver(grammar, chance, steps=60).plan()
    found = parse_goal(line, toolset)
    if isinstance(found, list):
        assert {d.code for d in found} == {"goal-unknown-name"}, line


def test_an_endpoint_without_grammars_is_held_to_the_schema_alone() -> None:
    prompt = goal_prompt(TASK, load_site("gomail").toolset)
    free = make_request(prompt, "m", form="none", stream=False, without=set())
    assert "response_format" in free
    held = make_request(prompt, "m", form="llama.cpp", stream=False, without=set())
    assert "response_format" not in held
    assert held["grammar"].startswith("root ::= ")


def test_the_prompt(golden: Golden) -> None:
    prompt = goal_prompt(TASK, load_site("gomail").toolset)
    text = "\n\n".join(f"[{m['role']}]\n{m['content']}" for m in prompt.messages)
    golden("planner/goal_prompt.txt", text + "\n")
