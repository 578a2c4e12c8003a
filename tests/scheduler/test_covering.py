"""Forecasts held against runs of a site that nobody told the scheduler about."""

from __future__ import annotations

from random import Random

from agentjit.scheduler.calibration import calibrate, plan_digest
from agentjit.scheduler.choosing import choose_schedule
from agentjit.scheduler.forecast import Wishes
from agentjit.scheduler.profile import Profile, read_latencies
from agentjit.scheduler.strategies import Serial
from tests.compiler.shop import SHOP
from tests.scheduler.measured import call, graph_of_plan

PLAN = """\
names = ["a", "b", "c", "d", "e"]
found = []
for name in names:
    goto_store(name)
    found.append(len(list_menu_items()))
    goto_home()
"""
#: Median seconds of the site's calls: heavy tails, and a whole run is fast or slow with the others.
SITE = {"goto_store": 0.9, "list_menu_items": 0.05, "goto_home": 0.4}


def test_after_twenty_runs_eight_in_ten_are_within_their_interval() -> None:
    graph, chance = graph_of_plan(PLAN, SHOP), Random(4)
    wishes = Wishes(forced=Serial(), trials=200)
    profile = Profile(site="shop", version="1")
    for _ in range(100):
        schedule = choose_schedule(graph, read_latencies(profile, SHOP), wishes)
        mood = chance.lognormvariate(0, 0.15)
        events = [
            call(tool, median * mood * chance.lognormvariate(0, 0.5))
            for _ in range(5)
            for tool, median in SITE.items()
        ]
        seconds = sum(e.data["seconds"] for e in events)
        profile = profile.learn(events).keep(schedule.record(plan_digest(graph.program), seconds))
    later = calibrate(profile.records[20:])
    assert 0.7 <= later.covered <= 0.9
    assert 0.9 <= later.bias <= 1.1
