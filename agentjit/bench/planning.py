"""How long planning takes beyond the model's own time, with an endpoint of a fixed pace."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.request import urlopen

from agentjit.bench.endpoint import count_tokens
from agentjit.bench.measuring import Spread, show_spreads
from agentjit.planner.candidate import Task, Verdict
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.models import ModelSettings
from agentjit.planner.sampling import Sampling, sample_plans
from agentjit.planner.select import choose
from agentjit.toolspecs import Toolset

#: The pace of the scripted model: seconds to the first token, tokens a second.
FIRST: Final = 0.5
RATE: Final = 80.0
ROUNDS: Final = 5
WORKERS: Final = 8
N_VALID: Final = 3

TASK: Final = "order the cheapest item from Taco Bell"

#: For each of the workers a plan: right ones of several lengths, a dear one, one that repair mends,
#: two that cannot check. The last one is long, so that it is still being written at the end.
PLANS: Final = (
    """\
goto_store("Taco Bell")
items = list_menu_items()
cheapest = min(items, key=lambda item: item["price"])
add_to_cart(cheapest["name"])
goto_checkout()
result = place_order()
""",
    """\
import json
goto_store("Taco Bell")
items = list_menu_items()
result = json.dumps(items)
""",
    """\
goto_store("Taco Bell")
items = [item for item in list_menu_items() if item["available"]]
items.sort(key=lambda item: item["price"])
cheapest = items[0]
add_to_cart(cheapest["name"])
goto_checkout()
order = place_order()
result = order
""",
    """\
name = "Taco Bell"
items = list_menu_items()
cheapest = min(items, key=lambda item: item["price"])
add_to_cart(cheapest["name"])
goto_checkout()
result = place_order()
""",
    """\
goto_store("Taco Bell")
names = [item["name"] for item in list_menu_items()]
choice = ai_eval("Which is the cheapest?", names=names)
add_to_cart(choice)
goto_checkout()
result = place_order()
""",
    """\
open_store("Taco Bell")
items = list_menu_items()
add_to_cart(items[0]["name"])
""",
    """\
cheapest = None
for store in list_all_stores():
    if store["name"] == "Taco Bell":
        goto_store(store["name"])
        for item in list_menu_items():
            if cheapest is None or item["price"] < cheapest["price"]:
                cheapest = item
        goto_home()
goto_store("Taco Bell")
if cheapest is not None:
    add_to_cart(cheapest["name"])
    goto_checkout()
    result = place_order()
""",
    "".join(f'word_{number} = "nothing happens here {number}"\n' for number in range(60)),
)


@dataclass(frozen=True, slots=True)
class PlanningFigures:
    """Per round: seconds to the first valid plan and to the choice, and beyond the model's own."""

    first_valid: Spread
    choice: Spread
    first_valid_overhead: Spread
    choice_overhead: Spread
    #: Requests that the endpoint saw, and those whose client hung up before the end.
    requests: int
    dropped: int

    def to_json(self) -> dict[str, Any]:
        """As JSON data, in seconds."""
        spreads = (
            self.first_valid,
            self.choice,
            self.first_valid_overhead,
            self.choice_overhead,
        )
        return {
            "pace": {"first": FIRST, "rate": RATE},
            "times": [s.to_json() for s in spreads],
            "requests": self.requests,
            "dropped": self.dropped,
        }

    def show(self) -> str:
        """As tables."""
        sizes = ", ".join(str(len(count_tokens(_answer(plan)))) for plan in PLANS)
        pace = f"a scripted model: {FIRST:g} s to the first token, {RATE:g} tokens a second"
        return "\n".join(
            (
                show_spreads(
                    f"planning with {pace}, {WORKERS} samples of {sizes} tokens",
                    [self.first_valid, self.choice],
                    "s",
                ),
                show_spreads(
                    "of these beyond the model's own time",
                    [self.first_valid_overhead, self.choice_overhead],
                ),
                f"  answers cut short, as the endpoint saw it: {self.dropped} of {self.requests}",
            )
        )


def measure_planning(
    toolset: Toolset, *, first: float = FIRST, rate: float = RATE
) -> PlanningFigures:
    """Sample the same scripted answers again and again, after one round that is not counted."""
    with _endpoint(first, rate) as address:
        rounds = asyncio.run(_measure(toolset, address))
        seen = _seen(address)
    return PlanningFigures(
        Spread("first valid plan", tuple(r[0] for r in rounds)),
        Spread("choice", tuple(r[1] for r in rounds)),
        Spread("first valid plan", tuple(r[2] for r in rounds)),
        Spread("choice", tuple(r[3] for r in rounds)),
        len(seen),
        sum(r["dropped"] for r in seen),
    )


async def _measure(toolset: Toolset, address: str) -> list[tuple[float, float, float, float]]:
    settings = ModelSettings(name="openai/scripted", base_url=f"{address}/v1", api_key="none")
    rounds = []
    async with EndpointModel(settings) as model:
        for number in range(ROUNDS + 1):
            before = len(await asyncio.to_thread(_seen, address))
            told: list[tuple[float, Verdict]] = []

            def tell(verdict: Verdict, told: list[tuple[float, Verdict]] = told) -> None:
                told.append((time.monotonic(), verdict))

            task, begun = Task(TASK, toolset), time.monotonic()
            how = Sampling(workers=WORKERS, n_valid=N_VALID)
            verdicts = await sample_plans(task, model, how, on_verdict=tell)
            assert choose(verdicts, task) is not None
            chosen = time.monotonic() - begun
            requests = (await asyncio.to_thread(_seen, address))[before:]
            own = {r["seed"]: r["ended"] - r["came"] for r in requests if not r["dropped"]}
            valid = [(at - begun, _seed_of(v)) for at, v in told if v.checked is not None]
            if number:
                at, seed = valid[0]
                slowest = max(own[seed] for _, seed in valid[:N_VALID])
                rounds.append((at, chosen, at - own[seed], chosen - slowest))
    return rounds


def _seed_of(verdict: Verdict) -> int:
    return int(verdict.candidate.origin.rpartition("#")[2])


@contextmanager
def _endpoint(first: float, rate: float) -> Iterator[str]:
    """The scripted endpoint, in a process of its own so that its work is not counted as ours."""
    script = {"first": first, "rate": rate, "answers": [_answer(plan) for plan in PLANS]}
    command = (sys.executable, "-m", "agentjit.bench.endpoint")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(script) + "\n")
        process.stdin.flush()
        yield process.stdout.readline().strip()
        process.stdin.close()


def _answer(plan: str) -> str:
    return f"```python\n{plan}```"


def _seen(address: str) -> list[Mapping[str, Any]]:
    with urlopen(f"{address}/seen") as reply:  # noqa: S310 - the address is our own
        seen: list[Mapping[str, Any]] = json.loads(reply.read())
        return seen
