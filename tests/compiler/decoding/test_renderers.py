"""The grammar as text: goldens, and what no engine behind an endpoint understands is not in it."""

from __future__ import annotations

import re
from random import Random

import pytest
from lark import Lark, UnexpectedInput

from agentjit.compiler.decoding import decoding_grammar, render_gbnf, render_lark
from agentjit.compiler.decoding.rules import references_in
from agentjit.sites import load_site
from tests.compiler.decoding.derivations import Deriver
from tests.compiler.shop import SHOP
from tests.conftest import Golden

DASHDISH = decoding_grammar(load_site("dashdish").toolset)


def test_the_grammar_of_the_shop(golden: Golden) -> None:
    grammar = decoding_grammar(SHOP)
    golden("compiler/decoding/shop.lark", render_lark(grammar))
    golden("compiler/decoding/shop.gbnf", render_gbnf(grammar))


def test_a_site_of_25_tools_has_a_grammar_that_endpoints_take() -> None:
    text = render_lark(DASHDISH)
    assert len(text.encode()) < 40_000
    assert not re.search(r"\(\?[=!<]|^%|^[A-Z_]+\.\d", text, re.MULTILINE)


def test_every_reference_leads_somewhere_and_none_back_to_itself() -> None:
    bodies = DASHDISH.bodies
    assert len(bodies) == len(DASHDISH.rules) + len(DASHDISH.terminals)
    ended: set[str] = set()

    def follow(name: str, path: tuple[str, ...]) -> None:
        assert name not in path
        if name not in ended:
            for each in references_in(bodies[name]):
                follow(each, (*path, name))
            ended.add(name)

    follow("start", ())
    assert ended == bodies.keys()


def lark_of_gbnf(text: str) -> str:
    """GBNF as a Lark grammar without named terminals: every character is the parser's business."""

    def translated(found: re.Match[str]) -> str:
        piece = found.group()
        if piece[0] == "[":
            return f"/{piece}/"
        if piece[0] == '"' or piece == "root":
            return piece
        # Lark has rules in lower case only.
        return f"{'rule' if piece.islower() else 'token'}_{piece.lower()}".replace("-", "_")

    pieces = r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|[A-Za-z][A-Za-z0-9-]*'
    return re.sub(pieces, translated, text).replace(" ::= ", ": ")


def test_gbnf_parses_what_is_derived() -> None:
    parser = Lark(
        lark_of_gbnf(render_gbnf(decoding_grammar(SHOP))), start="root", lexer="dynamic_complete"
    )
    deriver = Deriver(decoding_grammar(SHOP), Random("gbnf"), steps=25)
    for _ in range(3):
        parser.parse(deriver.plan())
    for text in ("goto_homes()", "break", "goto_store()", 'x = "(("'):
        with pytest.raises(UnexpectedInput):
            parser.parse(text)


def test_gbnf_defines_what_it_uses_in_names_that_it_allows() -> None:
    lines = render_gbnf(DASHDISH).splitlines()
    defined = {line.partition(" ::= ")[0] for line in lines}
    assert "root" in defined
    assert len(defined) == len(lines)
    for line in lines:
        body = re.sub(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]', " ", line.partition(" ::= ")[2])
        assert set(re.findall(r"[A-Za-z][A-Za-z0-9-]*", body)) <= defined
        assert not re.search(r"[^A-Za-z0-9\-()|?*+ ]", body), line
