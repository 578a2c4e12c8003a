from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest

from agentjit.cli.approving import NobodyToAsk, TerminalApprover, make_approver, render_request
from agentjit.errors import ApprovalRefused
from agentjit.ports import ApprovalRequest
from tests.cli.conftest import terminal_console, text_of
from tests.conftest import Golden

REQUEST = ApprovalRequest(
    tool="transfer",
    summary="Send money. It cannot be undone.",
    arguments={"to": "Ada", "note": "rent\x1b[1A"},
    terms={
        "amount": 1250.5,
        "fees": [{"name": "wire", "price": 12}, {"name": "tax", "price": 0.5}],
    },
    untrusted={"note": ("ai_eval", "list_bills")},
    digest="0123",
)


class Typed:
    """A keyboard on which this was typed; `early` stood there before the question."""

    def __init__(self, text: str, *, early: str = "") -> None:
        self._text = text
        self._early = early

    def forget(self) -> None:
        self._early = ""

    async def read_line(self) -> str:
        return self._early or self._text


@pytest.mark.parametrize("answer", ["y\n", "Y\n", "yes\n", "  Yes \n"])
async def test_only_an_explicit_yes_grants(answer: str) -> None:
    assert await TerminalApprover(terminal_console(), Typed(answer)).approve(REQUEST) is True


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "no\n", "yep\n", "y y\n", "ja\n"])
async def test_anything_else_refuses(answer: str) -> None:
    assert await TerminalApprover(terminal_console(), Typed(answer)).approve(REQUEST) is False


async def test_what_was_typed_before_the_question_is_no_answer() -> None:
    keyboard = Typed("n\n", early="y\n")
    assert await TerminalApprover(terminal_console(), keyboard).approve(REQUEST) is False


async def test_the_display_rests_while_the_person_decides() -> None:
    seen: list[str] = []

    @contextmanager
    def paused() -> Iterator[None]:
        seen.append("paused")
        yield
        seen.append("resumed")

    console = terminal_console()
    await TerminalApprover(console, Typed("y\n"), paused).approve(REQUEST)
    assert seen == ["paused", "resumed"]
    assert console.file.getvalue().rstrip(" ").endswith("[y/N]")  # type: ignore[attr-defined]


def test_the_exact_terms_and_arguments_are_shown(golden: Golden) -> None:
    golden("cli/approval.txt", text_of(render_request(REQUEST)))


def test_a_call_without_terms_says_so() -> None:
    request = ApprovalRequest(tool="send", summary="Send it.", arguments={})
    assert "The site says nothing more about it." in text_of(render_request(request))


async def test_where_nobody_can_be_asked_it_is_refused_and_said() -> None:
    with pytest.raises(
        ApprovalRefused, match="no terminal to ask on; it was not attempted"
    ) as refusal:
        await NobodyToAsk().approve(REQUEST)
    assert "--yes" in refusal.value.hint


def test_a_pipe_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    console = terminal_console()
    assert isinstance(make_approver(console, nullcontext, yes=False), NobodyToAsk)
    assert make_approver(console, nullcontext, yes=True) is True
