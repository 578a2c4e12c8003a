"""Compare the checker's verdict on every mutant with what happens when it is run.

    python -m tests.compiler.mutation [PLAN…]

Prints counts by mutation, what was missed, and the false alarms by their cause. Exits with 1 where
anything was missed.
"""

from __future__ import annotations

import sys
import time

from tests.compiler.mutation.mutants import mutants_of
from tests.compiler.mutation.plans import load_plans
from tests.compiler.mutation.table import render
from tests.compiler.mutation.verdicts import judge
from tests.compiler.mutation.worlds import worlds


def main(names: list[str]) -> int:
    """Judge the mutants of the named plans, or of all."""
    plans = [plan for plan in load_plans() if plan.name in names or not names]
    began = time.perf_counter()
    judged = [judge(mutant) for plan in plans for mutant in mutants_of(plan)]
    seconds = time.perf_counter() - began
    sys.stdout.write(
        f"{len(judged)} mutants of {len(plans)} plans, each run in up to {len(worlds())} worlds, "
        f"in {seconds:.0f} s\n\n{render(judged)}\n"
    )
    return 1 if any(each.missed for each in judged) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
