from __future__ import annotations

import pytest
from rich.console import RenderableType
from rich.style import Style

from agentjit.cli.findings import colour, render_findings
from agentjit.compiler.check import check
from agentjit.diagnostics import render_all
from agentjit.source import Source
from tests.cli.conftest import terminal_console, text_of
from tests.cli.shop import TOOLSET
from tests.conftest import Golden

PLAN = Source("plan.py", 'take_book("Emma", copies="two")\n')


@pytest.fixture
def shown() -> RenderableType:
    diagnostics = check(PLAN, TOOLSET)
    assert isinstance(diagnostics, tuple)
    return render_findings(diagnostics, PLAN)


def test_colours_change_no_word(shown: RenderableType, golden: Golden) -> None:
    diagnostics = check(PLAN, TOOLSET)
    assert isinstance(diagnostics, tuple)
    assert text_of(shown, width=400).split() == render_all(diagnostics, PLAN).split()
    golden("cli/findings.txt", text_of(shown))


def test_errors_are_red_and_hints_cyan(shown: RenderableType) -> None:
    styles = {
        segment.text.strip(): segment.style
        for segment in terminal_console().render(shown)
        if segment.text.strip() and segment.style
    }
    heads = [style for text, style in styles.items() if text.startswith("error[")]
    assert heads
    assert all(style.color == Style.parse("red").color for style in heads)
    assert styles["hint:"].color == Style.parse("cyan").color


def test_what_a_message_quotes_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in text_of(colour("error[x]: a \x1b[2J name\n  hint: \x1b]0;title"))
