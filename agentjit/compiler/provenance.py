"""Arguments must come from somewhere: from a tool's answer, or from the task's own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from agentjit.compiler.atoms import Literal
from agentjit.compiler.facts import Facts
from agentjit.compiler.ir import NodeId, Program, calls_in
from agentjit.compiler.messages import InventedArgument
from agentjit.compiler.numbering import value_of
from agentjit.compiler.origins import Origins
from agentjit.diagnostics import Diagnostic
from agentjit.toolspecs.jsontypes import Scalar
from agentjit.toolspecs.toolset import Toolset

#: Characters of an expression that a message repeats.
MAX_TOLD: Final = 60

#: Signs above and below letters.
_ACCENTS: Final = re.compile("[\u0300-\u036f]")

#: Letters of scripts that put no space between words, or write endings close to them: Thai to
#: Myanmar, Khmer, kana, Han, Hangul.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)

#: What no text of a task is the value of.
_NUMBERS: Final = frozenset((Scalar("int"), Scalar("float"), Scalar("bool")))


def check_provenance(
    program: Program,
    toolset: Toolset,
    *,
    task: str,
    facts: Mapping[NodeId, Facts],
    origins: Origins,
) -> list[Diagnostic]:
    """Arguments of parameters with an origin that are neither read nor found in the task.

    `facts` are those before each call: a name that is known to hold a literal counts as one.
    """
    words = _normal(task)
    found: list[Diagnostic] = []
    for call in calls_in(program.body):
        tool = toolset.by_name[call.tool]
        for name, expr in call.args:
            param = tool.param(name)
            before = facts.get(call.id)
            if param is None or param.origin is None or param.type in _NUMBERS or before is None:
                continue
            match value_of(expr, before):
                case Literal(value=str(text)):
                    invented, value = not _stands_in(text, words), repr(text)
                case Literal():
                    continue
                case _:
                    invented = origins.is_invented(expr.text, lambda text: _stands_in(text, words))
                    value = _told(program.source.cut(expr.span))
            if not invented:
                continue
            found.append(
                InventedArgument(
                    tool=tool.name,
                    parameter=name,
                    value=value,
                    origin=param.origin.path,
                    span=expr.span,
                )
            )
    return found


def _told(written: str) -> str:
    """An expression as the plan writes it, if that is short."""
    return f"`{written}`" if len(written) <= MAX_TOLD and "\n" not in written else "its value"


def _stands_in(text: str, words: str) -> bool:
    """Whether a text stands in normal words; in scripts without spaces, whatever is beside it."""
    normal = _normal(text)
    return normal in words or (_UNSPACED.search(normal) is not None and normal.strip() in words)


def _normal(text: str) -> str:
    """Lower case without accents, punctuation and runs of space as one space, padded to match
    whole words.
    """
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare))
    return f" {' '.join(words)} "
