"""Any text as what a model's endpoint answers, and as what the model says in it."""

from __future__ import annotations

import ast
import json
import warnings
from typing import Final

from agentjit.errors import ModelError
from agentjit.planner.answer import extract_plan, name_answer
from agentjit.planner.replies import read_reply
from tests.fuzz.target import Target
from tests.fuzz.targets.plantexts import GOLDEN
from tests.fuzz.targets.plantexts import TOKENS as PYTHON

MODEL: Final = "any/model"


def read(text: str) -> None:
    # What comes over the wire has been decoded, so it holds no half of a surrogate pair.
    text = text.encode("utf-8", "replace").decode("utf-8")
    try:
        said = read_reply(text, model=MODEL, seconds=0.1, limit=100).text
    except ModelError:
        said = text
    plan = extract_plan(said)
    named = name_answer(plan)
    if parses(plan):
        assert parses(named), f"parses no more once its answer is named:\n{named}"
    else:
        assert named == plan


def parses(plan: str) -> bool:
    """Whether a text is Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(plan)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def completion(text: str, finish: str = "stop") -> str:
    """The body that an endpoint sends for a text."""
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return json.dumps({"choices": [choice], "usage": {"prompt_tokens": 3, "completion_tokens": 4}})


_PLAN: Final = "stores = list_stores()\nprint(len(stores))\n"
SEEDS: Final = (
    *GOLDEN[::6],
    *(completion(plan) for plan in GOLDEN[::15]),
    completion("", "length"),
    completion("", "content_filter"),
    '{"choices": []}',
    '{"choices": [{"message": {"refusal": "no"}}], "usage": null}',
    '{"error": {"message": "no such model", "code": 404}}',
    f"Sure:\n\n```python\n{_PLAN}```\nDone.",
    f"<think>\n```python\nx = 1\n```\n</think>\n~~~py\n{_PLAN}~~~\n",
    f"````\n {_PLAN}````",
    "n = 0\nn += 1\n",
    "x = 1; y = 2\n",
)
TOKENS: Final = (
    *"""``` ~~~ ```python ```py <think> </think> <thinking> result print( print(x) {" "} [ ] null
    true "choices": "message": "content": "refusal": "finish_reason": "length" "usage":
    "prompt_tokens": 1e400 -0 \\ud800 \\n \\u0000""".split(),
    *PYTHON,
)

TARGET: Final = Target("replies", read, SEEDS, TOKENS)
