"""The machine: one command at a time, every failure an Abort at its place, no illegal event."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentjit.errors import EvaluationError, ToolError
from agentjit.scheduler.machine import (
    Abort,
    Answered,
    Event,
    Failed,
    Finish,
    IllegalEventError,
    Machine,
    Started,
    Status,
)
from agentjit.scheduler.strands import CommandId, Perform
from agentjit.scheduler.walk import Code, Question, ToolUse
from tests.scheduler.toy import compile_toy, fail_at, play

#: Each kind of command, on a line of its own.
PLAN = """\
numbers = fetch_all()
for n in numbers:
    if n > 1:
        m = n + 1
        give(m)
best = ai_eval("best?", returns=int, numbers=numbers)
result = best + 1
"""

#: The line at which the plan stands at each of its commands.
LINES = [
    1,  # fetch_all
    2,  # how many
    3,  # 3 > 1?
    5,  # the argument
    5,  # give(4)
    3,  # 1 > 1?
    3,  # 2 > 1?
    5,
    5,
    6,  # the values of the question
    6,
    7,
]


def test_the_plan_has_a_command_for_each_line_of_the_table() -> None:
    played = play(PLAN)
    assert len(played.commands) == len(LINES) + 1
    assert played.end == Finish(8)
    assert played.seen == [
        "fetch_all()",
        "give(number=4)",
        "give(number=3)",
        "ask('best?', {'numbers': [3, 1, 2]})",
    ]


def test_commands_are_numbered_from_one_and_come_one_at_a_time() -> None:
    played = play(PLAN)
    assert all(len(commands) == 1 for commands in played.commands)
    ids = [c.id for (c,) in played.commands if isinstance(c, Perform)]
    assert ids == list(range(1, len(LINES) + 1))


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_failure_at_any_point_is_an_abort_with_the_place(number: int) -> None:
    reason = ToolError("no")
    played = play(PLAN, fault=fail_at(number, reason))
    assert isinstance(played.end, Abort)
    assert played.end.reason is reason
    assert played.end.span is not None
    assert len(played.commands) == number + 2, "nothing comes after an abort"
    last = played.commands[number][0]
    assert isinstance(last, Perform)
    if number == len(LINES) - 1:
        # The value of the whole plan: the text as a whole is to blame.
        assert played.end.span.line == 1
    else:
        assert played.end.span.line == LINES[number]


@pytest.mark.parametrize(("line", "expected"), [(1, 2), (2, 3), (3, 4), (99, 4)])
def test_pure_code_that_raises_is_placed_by_its_own_line(line: int, expected: int) -> None:
    text = "a = fetch()\nb = a\nc = b\ngive(c)\n"
    played = play(text, fault=fail_at(1, EvaluationError("no"), line))
    assert isinstance(played.end, Abort)
    assert played.end.span is not None
    assert played.end.span.line == expected


def test_an_error_without_a_line_is_placed_at_the_end_of_the_code() -> None:
    played = play("a = fetch()\nb = a\ngive(b)\n", fault=fail_at(1, EvaluationError("slow")))
    assert isinstance(played.end, Abort)
    assert played.end.span is not None
    assert played.end.span.line == 3


def test_every_need_says_where_in_the_plan_it_stands() -> None:
    for commands in play(PLAN).commands:
        for command in commands:
            match command:
                case Perform(need=ToolUse(span=span) | Question(span=span)):
                    assert span.line in LINES
                case Perform(need=Code(text=text, spans=spans)):
                    assert len(spans) == len(text.split("\n"))
                case _:
                    assert isinstance(command, Finish)


def new_machine() -> Machine:
    return Machine(compile_toy("give(1)\ngive(2)\n"))


def test_nothing_is_legal_before_the_start_but_the_start() -> None:
    machine = new_machine()
    for event in (Answered(CommandId(1)), Failed(CommandId(1), ToolError("no"))):
        with pytest.raises(IllegalEventError):
            machine.handle(event)
    assert machine.status is Status.NEW
    assert machine.handle(Started())


def test_a_machine_starts_once() -> None:
    machine = new_machine()
    machine.handle(Started())
    with pytest.raises(IllegalEventError, match="running"):
        machine.handle(Started())


def test_only_the_outstanding_command_can_be_answered_and_only_once() -> None:
    machine = new_machine()
    (first,) = machine.handle(Started())
    assert isinstance(first, Perform)
    with pytest.raises(IllegalEventError):
        machine.handle(Answered(CommandId(first.id + 1)))
    (second,) = machine.handle(Answered(first.id))
    assert isinstance(second, Perform)
    for event in (Answered(first.id), Failed(first.id, ToolError("late"))):
        with pytest.raises(IllegalEventError):
            machine.handle(event)
    (third,) = machine.handle(Answered(second.id))
    assert isinstance(third, Perform)
    assert machine.handle(Answered(third.id, "the value")) == (Finish("the value"),)


@pytest.mark.parametrize("ending", ["finished", "aborted"])
def test_nothing_is_legal_after_the_end(ending: str) -> None:
    machine = new_machine()
    events: list[Event] = [Started(), *(Answered(CommandId(n)) for n in (1, 2, 3))]
    if ending == "aborted":
        events[2:] = [Failed(CommandId(2), ToolError("no"))]
    for event in events:
        machine.handle(event)
    assert machine.status is Status.ENDED
    late: list[Event] = [Started(), Answered(CommandId(2)), Answered(CommandId(3))]
    for event in late:
        with pytest.raises(IllegalEventError, match="ended"):
            machine.handle(event)


@settings(max_examples=40, deadline=None)
@given(st.integers(-1, len(LINES) - 1), st.booleans())
def test_a_log_of_events_replays_the_run_exactly(failing: int, answered: bool) -> None:
    played = play(PLAN, fault=fail_at(failing, ToolError("no")))
    machine = Machine(compile_toy(PLAN))
    assert [machine.handle(event) for event in played.events] == played.commands


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["start", "answer", "fail"]), st.integers(0, 3))))
def test_any_order_of_events_is_answered_or_refused_and_never_breaks_the_run(
    events: list[tuple[str, int]],
) -> None:
    machine, expected, status = new_machine(), 0, Status.NEW
    for kind, number in events:
        identity = CommandId(number)
        choices: dict[str, Event] = {
            "start": Started(),
            "answer": Answered(identity),
            "fail": Failed(identity, ToolError("no")),
        }
        event = choices[kind]
        legal = (
            status is Status.NEW
            if kind == "start"
            else status is Status.RUNNING and number == expected
        )
        if not legal:
            with pytest.raises(IllegalEventError):
                machine.handle(event)
            assert machine.status is status
            continue
        (command,) = machine.handle(event)
        if isinstance(command, Perform):
            expected, status = expected + 1, Status.RUNNING
            assert command.id == expected
        else:
            status = Status.ENDED
        assert machine.status is status
