"""`python -m agentjit.bench.recordings TASK … --out FOLDER`: record tasks, and tell what they take.

Without a task it records the paper's.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from pathlib import Path

from agentjit.bench.recordings.making import PLANS, recorded
from agentjit.bench.recordings.recording import Recording, read_recording
from agentjit.errors import AgentjitError
from agentjit.sites.tasks import all_tasks, find_task


def show(recording: Recording) -> str:
    """One line: how many actions of which kind."""
    kinds = Counter(action.kind for action in recording.actions)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing to do"
    return f"{recording.task}, seed {recording.seed}: {told}"


async def main() -> int:
    """Record, and print a line each; 1 where a plan was not done."""
    parser = argparse.ArgumentParser(prog="python -m agentjit.bench.recordings")
    parser.add_argument("task", nargs="*", help="the ids of tasks; all of the paper's otherwise")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True, help="the folder for the recordings")
    parser.add_argument("--plans", type=Path, default=PLANS, help="where the reference plans are")
    options = parser.parse_args()
    failed = 0
    for task in [find_task(each) for each in options.task] or [
        each for each in all_tasks() if each.paper is not None
    ]:
        try:
            path = await recorded(task, options.seed, options.out, plans=options.plans)
            print(show(read_recording(path)), flush=True)
        except AgentjitError as error:
            print(f"{task.id}: {error}", file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
