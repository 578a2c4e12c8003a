"""The names that the plan language gives a meaning to, and that no tool may take."""

from __future__ import annotations

from typing import Final

#: Python's built-in functions that plans may call.
PURE_BUILTINS: Final = frozenset(
    """abs all any bool dict divmod enumerate filter float int isinstance len list map max min
    range repr reversed round set sorted str sum tuple zip""".split()
)

#: The one model call of the plan language.
AI_EVAL: Final = "ai_eval"

PLAN_BUILTINS: Final = PURE_BUILTINS | {AI_EVAL}
