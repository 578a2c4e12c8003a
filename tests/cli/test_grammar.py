"""`agentjit grammar`: what it prints, in both notations, for bundled and for own tools."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Agentjit
from tests.conftest import Golden

SHOP = str(Path(__file__).with_name("shop.py"))


def test_the_grammar_of_own_tools_is_printed(agentjit: Agentjit, golden: Golden) -> None:
    called = agentjit("grammar", "--tools", SHOP)
    assert (called.code, called.err) == (0, "")
    golden("cli/grammar.txt", called.out)


def test_a_bundled_site_has_one_in_both_notations(agentjit: Agentjit) -> None:
    lark = agentjit("grammar", "--site", "dashdish").out
    assert lark.startswith("start: ")
    assert lark == agentjit("grammar").out == agentjit("grammar", "--format", "lark").out
    gbnf = agentjit("grammar", "--format", "gbnf").out
    assert gbnf.startswith("root ::= ")
    for text in (lark, gbnf):
        assert '"goto_store("' in text


def test_another_notation_exits_with_2(agentjit: Agentjit) -> None:
    called = agentjit("grammar", "--format", "ebnf")
    assert (called.code, called.out) == (2, "")
    assert "there is no grammar format 'ebnf'" in called.err
