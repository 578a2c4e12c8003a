"""A model's answer is read tolerantly, but never half: what is no action is told back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.stepping.actions import (
    Action,
    Click,
    Done,
    GiveUp,
    Goto,
    More,
    Press,
    Read,
    Scroll,
    Select,
    Type,
    Use,
    show_action,
)
from agentjit.stepping.reading import Unreadable, read_actions
from tests.laws import LAW

REFS = st.from_regex(r"\A(?:f[0-9]{1,2})?e[0-9]{1,4}\Z")
WORDS = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=10)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(Click, REFS),
    st.builds(Type, REFS, st.text(max_size=30), st.booleans()),
    st.builds(Select, REFS, st.text(max_size=30)),
    st.builds(Press, WORDS.map(str.strip), st.none() | REFS),
    st.builds(Scroll, st.sampled_from(["up", "down"]) | REFS),
    st.builds(Goto, WORDS.map(str.strip)),
    st.builds(Read, REFS),
    st.just(More()),
    st.builds(Use, WORDS.map(str.strip), st.dictionaries(st.text(max_size=8), VALUES, max_size=3)),
    st.builds(Done, VALUES.filter(lambda value: value is not True)),
    st.builds(GiveUp, st.text(max_size=20)),
)


@LAW
@given(st.lists(ACTIONS, min_size=1, max_size=5))
def test_what_is_shown_is_read_as_the_same(actions: list[Action]) -> None:
    answer = "[" + ", ".join(map(show_action, actions)) + "]"
    assert read_actions(answer) == tuple(actions)


@LAW
@given(st.text(max_size=300))
def test_any_text_is_actions_or_unreadable(text: str) -> None:
    try:
        found = read_actions(text)
    except Unreadable:
        return
    assert found


@pytest.mark.parametrize(
    "answer",
    [
        '{"click": "e5"}',
        '[{"click": "e5"}]',
        '{"actions": [{"click": "e5"}]}',
        'I click the button.\n```json\n[{"click": "[ref=e5]"}]\n```\nThat is all.',
        '<think>{"click": "e9"}</think>{"click": "e5"}',
        '{"action": "click", "ref": "e5"}',
        '{"type": "click", "ref": "e5"}',
        '{"click": {"ref": "e5"}}',
        '{"do": "Click", "element": "ref=e5"}',
        'The list [1] says so: {"click": "e5"}',
    ],
)
def test_habits_of_models_are_understood(answer: str) -> None:
    assert read_actions(answer) == (Click("e5"),)


@pytest.mark.parametrize(
    ("answer", "action"),
    [
        ('{"fill": "e1", "value": "tea"}', Type("e1", "tea")),
        ('{"action": "type", "ref": "e1", "text": "tea", "enter": true}', Type("e1", "tea", True)),
        ('{"navigate": "/cart"}', Goto("/cart")),
        ('{"action": "goto", "url": "/cart"}', Goto("/cart")),
        ('{"select": "e1", "value": 2}', Select("e1", "2")),
        ('{"tool": "find", "args": {"q": 1}}', Use("find", {"q": 1})),
        ('{"call": {"tool": "find", "with": {"q": 1}}}', Use("find", {"q": 1})),
        ('{"done": {"count": 3}}', Done({"count": 3})),
        ('{"answer": "3"}', Done("3")),
        ('{"give_up": "no such shop"}', GiveUp("no such shop")),
    ],
)
def test_other_ways_to_say_it(answer: str, action: Action) -> None:
    assert read_actions(answer) == (action,)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", "no JSON object"),
        ("I am done.", "no JSON object"),
        ("[[[[[", "no JSON object"),
        ('{"scroll": true}', "needs a text"),
        ('{"fly": "e5"}', "names no action"),
        ('{"click": "the button"}', "needs the ref of an element"),
        ('{"click": 5}', "needs the ref of an element"),
        ('{"type": "e5"}', 'needs a "text"'),
        ('{"call": "find", "with": [1]}', "arguments by name"),
        ('[{"click": "e5"}, {"jump": 1}]', "names no action"),
    ],
)
def test_of_an_answer_that_is_half_understood_nothing_is_done(answer: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_actions(answer)


def test_an_endless_answer_is_given_up() -> None:
    with pytest.raises(Unreadable):
        read_actions("[" * 100_000)
    deep = json.dumps({"done": None}) + "{" * 50_000
    assert read_actions(deep) == (Done(None),)
