"""What a model is told of a plan that was not valid: all that it needs, and nothing else."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from functools import cache
from typing import Final

import pytest

import agentjit.compiler
from agentjit.compiler import check
from agentjit.compiler.repair import advise, repair
from agentjit.diagnostics import Diagnostic
from agentjit.planner.candidate import Candidate, Verdict
from agentjit.planner.prompt import refine_messages
from agentjit.source import Source
from tests.compiler.cases import Case, cases_in
from tests.compiler.shop import SHOP

REJECTED: Final = cases_in("rejected")

#: Characters that one diagnostic may cost.
MOST: Final = 1_500

#: Of a longer line a part is shown.
LONG_LINE: Final = 160

_BEFORE: Final = "That plan is not valid:\n\n"
_AFTER: Final = "\n\nAnswer with the whole plan, mended."
_SNIPPET: Final = re.compile(r" *(?P<number>\d*) \|(?P<text>.*)")
_TEMPORARY: Final = re.compile(r"(?<!\w)_(?:it)?\d+\b|\*(?:lists|dicts|sets|result)\b")


def refinement(diagnostics: tuple[Diagnostic, ...], plan: str) -> list[str]:
    """What is said of each diagnostic."""
    verdict = Verdict(candidate=Candidate(plan=plan, origin="a model"), diagnostics=diagnostics)
    assistant, user = refine_messages((), verdict)
    assert assistant["content"] == f"```python\n{plan}```"
    content = user["content"]
    assert content.startswith(_BEFORE)
    assert content.endswith(_AFTER)
    told = content.removeprefix(_BEFORE).removesuffix(_AFTER)
    return re.split(r"\n\n(?=(?:error|warning)\[)", told)


@cache
def told(case: Case) -> list[tuple[Diagnostic, str]]:
    """The diagnostics of a case, with repair's advice, each with what a model reads of it."""
    found = advise(case.diagnostics(), repair(case.source, SHOP))
    texts = refinement(found, case.source.text)
    assert len(texts) == len(found)
    return list(zip(found, texts, strict=True))


def prose(text: str) -> str:
    """What is not quoted from the plan."""
    return "\n".join(line for line in text.split("\n") if not _SNIPPET.fullmatch(line))


@pytest.mark.parametrize("case", REJECTED, ids=lambda c: c.path.stem)
def test_a_model_reads_the_code_the_place_the_line_and_the_hint(case: Case) -> None:
    for diagnostic, text in told(case):
        head, *rest = text.split("\n")
        kind, _, message = head.partition(": ")
        assert kind == f"{diagnostic.severity.value}[{diagnostic.code}]"
        assert message == diagnostic.message
        if diagnostic.span is not None:
            assert rest[0].strip() == f"--> plan.py:{diagnostic.span}"
            shown = {m["number"]: m["text"] for line in rest if (m := _SNIPPET.fullmatch(line))}
            line = case.source.line(diagnostic.span.line)
            assert shown[""].strip().startswith("^")
            assert shown[str(diagnostic.span.line)].strip() in line
            if len(line) <= LONG_LINE:
                assert shown[str(diagnostic.span.line)].strip() == line.strip()
        hints = [line for line in rest if line.startswith("  hint: ")]
        assert hints == [f"  hint: {diagnostic.remedy}"]
        assert len(diagnostic.remedy) > 5


@pytest.mark.parametrize("case", REJECTED, ids=lambda c: c.path.stem)
def test_a_diagnostic_is_short(case: Case) -> None:
    assert [d.code for d, text in told(case) if len(text) >= MOST] == []


@pytest.mark.parametrize("case", REJECTED, ids=lambda c: c.path.stem)
def test_nothing_of_the_compilers_own_is_told(case: Case) -> None:
    own = set(re.findall(r"\w+", case.source.text))
    for _, text in told(case):
        words = prose(text)
        assert [t for t in _TEMPORARY.findall(words) if t not in own] == []
        assert set(re.findall(r"\w+", words)) & (_classes() - own) == set()
        quoted = {name for name in re.findall(r"`(\w+)`", words) if hasattr(ast, name)}
        assert quoted <= own
        assert "<class" not in words
        assert "object at 0x" not in words


@pytest.mark.parametrize("case", REJECTED, ids=lambda c: c.path.stem)
def test_every_line_is_of_the_plan_or_of_a_known_form(case: Case) -> None:
    lines = {line.rstrip() for line in case.source.lines()}
    for _, text in told(case):
        head, *rest = text.split("\n")
        for line in rest:
            if snippet := _SNIPPET.fullmatch(line):
                quoted = snippet["text"].removeprefix(" ")
                whole = quoted.strip().startswith("^") or quoted in lines
                assert whole or any(quoted in long for long in lines if len(long) > LONG_LINE)
            else:
                note = r"note: on (the|a) path( that is not ruled out)?: "
                assert re.match(rf"  ({note}|hint: )\S| *--> plan\.py:\d", line), line
        assert "\n" not in head


def test_long_lines_messages_and_paths_are_cut_where_they_tell_least() -> None:
    stores = " + ".join(f"len('{'x' * 30} {i}')" for i in range(15))
    trips = "".join(f"goto_store('{i} {'x' * 30}')\ngoto_home()\n" for i in range(30))
    for plan in (
        f"x = {stores} + len(list_menu_items()) + {stores}",
        f"{trips}list_menu_items()",
        f"x = b'{'x' * 3000}'",
        f"ai_eval('?', returns={'x' * 3000})",
        f"x = 1 + {'y' * 3000}.real",
        f"goto_{'x' * 3000}()",
    ):
        found = check(Source("plan.py", plan), SHOP)
        assert isinstance(found, tuple)
        for diagnostic, text in zip(found, refinement(found, plan), strict=True):
            assert len(text) < MOST
            head, place, *rest = text.split("\n")
            assert head.startswith(f"error[{diagnostic.code}]: ")
            assert place.strip() == f"--> plan.py:{diagnostic.span}"
            assert any("^" in line for line in rest)
            assert rest[-1].startswith("  hint: ")
    path = next(line for line in rest_of(f"{trips}list_menu_items()") if "note:" in line)
    assert path.startswith("  note: on the path: goto_store('0 xx")
    assert " … " in path
    assert path.endswith("goto_home() (line 60) → list_menu_items()")


def test_the_caret_stands_under_what_it_means_in_a_cut_line() -> None:
    line = f"x = '{'a' * 300}' + y.real + '{'b' * 300}'"
    _, _, source, caret, *_ = rest_of(line, whole=True)
    assert source[caret.index("^") : caret.index("^") + caret.count("^")] == "y.real"
    assert caret.endswith("^ not allowed")


def rest_of(plan: str, *, whole: bool = False) -> list[str]:
    """The lines that a model reads of a plan's only mistake."""
    found = check(Source("plan.py", plan), SHOP)
    assert isinstance(found, tuple)
    (text,) = refinement(found, plan)
    return text.split("\n")[0 if whole else 1 :]


def _classes() -> set[str]:
    """The names of the compiler's classes, but for those that plans write themselves."""
    names = (m.name for m in pkgutil.iter_modules(agentjit.compiler.__path__))
    modules = [importlib.import_module(f"agentjit.compiler.{name}") for name in names]
    found = {
        name
        for module in modules
        for name, value in inspect.getmembers(module, inspect.isclass)
        if value.__module__.startswith("agentjit.")
    }
    return found - {"Literal"}
