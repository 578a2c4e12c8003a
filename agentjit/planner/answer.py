"""From a model's reply, with its fences and prose, to the text of the plan inside."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agentjit.diagnostics import Diagnostic

_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_FENCE: Final = re.compile(
    r"^[ \t]*(?P<fence>```+|~~~+)[ \t]*(?P<tag>[\w+-]*)[^\n]*\n(?P<code>.*?)"
    r"(?P<close>^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
#: Where Python ends a line: unlike `splitlines`, not at form feeds and U+2028.
_LINES: Final = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_TAGS: Final = frozenset({"", "python", "python3", "py"})


@dataclass(frozen=True, kw_only=True)
class PlanCutOff(Diagnostic):
    """A plan whose end the model had no room for."""

    code = "plan-cut-off"
    title = "the model's answer was cut off after {tokens} tokens"
    hint = "allow a longer answer, or word the task so that a shorter plan does it"
    explanation = (
        "The endpoint ended the answer at its limit of length. What is there may check, but nobody "
        "knows what was to follow, so such a plan is never run."
    )
    tokens: int


@dataclass(frozen=True, kw_only=True)
class PlanDoesNothing(Diagnostic):
    """A plan that calls neither a tool nor the model."""

    code = "plan-does-nothing"
    title = "the plan calls no tool"
    hint = "call the tools that do the task, or read what the answer depends on"
    explanation = (
        "A plan that calls nothing cannot do anything on a site, nor know anything of it. It would "
        "always be the cheapest one, so it is not a candidate."
    )


def extract_plan(reply: str) -> str:
    """The plan in a reply: its first Python block, or the reply itself without the prose around.

    An unclosed block counts up to the end. Nothing that might be code is ever left out, so a plan
    that does not parse is not made into a shorter one that does. Empty when there is no plan.
    """
    text = without_thoughts(reply)
    blocks = [m for m in _FENCE.finditer(text) if m["tag"].lower() in _TAGS]
    written = [m["code"] for m in blocks if m["code"].strip()]
    if written:
        return _tidy(written[0])
    return "" if blocks else _tidy(_without_prose(text))


def begun_plan(reply: str) -> tuple[str, bool]:
    """The plan in a reply that is still being written, and whether it has come to its end.

    Only what stands in a Python block counts: of other text nobody knows yet what it will be.
    `reply` ends with a whole line.
    """
    text = without_thoughts(reply)
    for block in _FENCE.finditer(text):
        if block["tag"].lower() in _TAGS and block["code"].strip():
            return _tidy(block["code"]), bool(block["close"])
    return "", False


def without_thoughts(reply: str) -> str:
    """A reply, be it still being written, without what a model thinks aloud before it."""
    return _THOUGHT.sub("", reply).replace("\r\n", "\n")


def name_answer(plan: str) -> str:
    """The plan with its answer in `result`, where the plan says otherwise what its answer is.

    Models print what they found, or leave it in the last name that they assign.
    """
    body = _statements(plan)
    if not body or (len(body) > 1 and body[-2].end_lineno == body[-1].lineno):
        return plan
    named = any(isinstance(n, ast.Name) and n.id == "result" and _is_stored(n) for n in _walk(body))
    before = "".join(_LINES.split(plan)[: body[-1].lineno - 1])
    match body[-1]:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[shown], keywords=[])):
            return before if named else f"{before}result = {ast.unparse(shown)}\n"
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return plan if named else f"{plan}result = {name}\n"
        case _:
            return plan


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _walk(body: list[ast.stmt]) -> Iterator[ast.AST]:
    return (node for stmt in body for node in ast.walk(stmt))


def _without_prose(text: str) -> str:
    paragraphs = re.split(r"\n[ \t]*\n", text)
    while paragraphs and not _may_be_code(paragraphs[0]):
        del paragraphs[0]
    while paragraphs and not _may_be_code(paragraphs[-1]):
        del paragraphs[-1]
    return "\n\n".join(paragraphs)


def _may_be_code(paragraph: str) -> bool:
    """Whether a paragraph holds a call or an assignment; all that a plan does is one of these."""
    return bool(re.search(r"\w\(|=", paragraph))


def _tidy(code: str) -> str:
    lines = [line.rstrip() for line in textwrap.dedent(code.expandtabs(4)).split("\n")]
    body = "\n".join(lines).strip("\n")
    if _statements(body) is None:
        # Small models now and then begin a line with the space that begins a word.
        straight = re.sub(r"^ (?=\S)", "", body, flags=re.MULTILINE)
        body = body if _statements(straight) is None else straight
    return f"{body}\n" if body.strip() else ""


def _statements(plan: str) -> list[ast.stmt] | None:
    """The plan's statements; None where it does not parse."""
    try:
        return ast.parse(plan).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
