"""Random jobs for the list scheduler, and its policy again: plain, slow, a trial at a time."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from agentjit.scheduler.contention import Contention
from agentjit.scheduler.drawing import Floats
from agentjit.scheduler.listing import Setting, Work, priorities

TRIALS = 4


def random_work(chance: Random, *, most: int = 12, forks: bool = False) -> tuple[Work, Floats]:
    """Jobs and their times. With `forks`, they come in stages; each waits for the one before."""
    count = chance.randint(1, most)
    needs: list[frozenset[int]] = []
    stage, last = frozenset[int](), frozenset[int]()
    for job in range(count):
        if forks:
            if chance.random() < 0.3 and stage:
                last, stage = stage, frozenset()
            needs.append(last)
            stage |= {job}
        else:
            needs.append(frozenset(n for n in range(job) if chance.random() < 0.25))
    takes = [chance.random() < 0.8 for _ in range(count)]

    def seconds(*, whole: bool = False) -> Floats:
        drawn = [
            [chance.randint(0, 5) if whole else chance.uniform(0, 5) for _ in range(TRIALS)]
            for _ in range(count)
        ]
        return np.array(drawn, dtype=np.float64)

    whole = chance.random() < 0.5
    time = seconds(whole=whole)
    on = np.array([[chance.random() < 0.85 for _ in range(TRIALS)] for _ in range(count)])
    work = Work(
        needs=tuple(needs),
        takes_tab=np.array(takes),
        wants_fresh=np.array([chance.random() < 0.5 for _ in range(count)]),
        changes=np.array([chance.random() < 0.2 for _ in range(count)]),
        expected=time.mean(axis=1),
        on=on,
        tail=seconds(whole=whole) * np.array([[chance.random() < 0.3] for _ in range(count)]),
        opening=seconds(),
        reset=seconds(),
        spare=seconds()[0],
    )
    return work, time


def without_setup(work: Work) -> Work:
    """The same where tabs open in no time."""
    free = np.zeros_like(work.tail)
    return replace(work, opening=free, reset=free, spare=free[0])


def play(work: Work, setting: Setting, trial: int, contention: Contention) -> float:
    """The makespan of one trial: step from one moment at which something ends to the next."""
    waiting = priorities(work)
    tabs = [0.0] * setting.workers
    opened: set[int] = set()
    spare = float(work.spare[trial])
    ends: dict[int, float] = {}
    now = 0.0
    while waiting:
        for job in waiting:
            ready = all(need in ends and ends[need] <= now for need in work.needs[job])
            takes = bool(work.takes_tab[job] and work.on[job, trial])
            tab = next((t for t, free in enumerate(tabs) if free <= now), None)
            if not ready or (takes and tab is None):
                continue
            seconds = float(setting.time[job, trial]) if work.on[job, trial] else 0.0
            if takes:
                assert tab is not None
                busy = 1 + sum(free > now for free in tabs)
                if tab not in opened:
                    # It has been on its way since the beginning.
                    seconds += max(0.0, float(work.opening[job, trial]) - now) if tab else 0.0
                seconds *= contention(busy * setting.spread)
                if tab in opened and work.wants_fresh[job]:
                    # It changes places with the spare one if that is at the start before.
                    own = now + float(work.reset[job, trial])
                    seconds += max(0.0, min(spare, own) - now)
                    spare = max(spare, own)
                if work.changes[job]:
                    spare = now + seconds + float(work.opening[job, trial])
                tabs[tab] = now + seconds
                opened.add(tab)
            tail = float(work.tail[job, trial]) if work.on[job, trial] else 0.0
            ends[job] = now + seconds + tail
            waiting.remove(job)
            break
        else:
            now = min(moment for moment in (*tabs, *ends.values()) if moment > now)
    return max(ends.values())
