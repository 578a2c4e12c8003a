"""The limits of the plan language."""

from __future__ import annotations

from typing import Final

#: Characters of a plan's text.
MAX_PLAN_CHARS: Final = 64 * 1024
#: Statements and expressions inside one another.
MAX_NESTING: Final = 20
#: Names that a plan binds.
MAX_NAMES: Final = 200
#: Statements of a plan, those inside others included.
MAX_STATEMENTS: Final = 2_000
#: Calls of tools and of the model that a plan writes down.
MAX_CALLS: Final = 500
#: Operands of `and`, `or` and comparisons, and clauses of comprehensions, in one expression.
MAX_OPERANDS: Final = 200
#: Bits of a whole number that a plan writes; Python refuses to print far larger ones.
MAX_NUMBER_BITS: Final = 1_024
#: Rounds of one `while`.
MAX_WHILE_TRIPS: Final = 1_000
#: Rounds of one `for`.
MAX_FOR_TRIPS: Final = 10_000
