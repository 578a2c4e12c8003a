"""A dry run tells plans apart by what they do, and by nothing else; on random pairs, too."""

from __future__ import annotations

from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.compiler.check import CheckedProgram, check
from agentjit.planner.dry import DryRun, dry_run
from agentjit.source import Source
from agentjit.toolspecs import Effect, StateModel, StateValue, StateVar, Toolset, tool
from tests.conftest import Golden
from tests.fixtures.toolhire.tools import TOOLSET
from tests.laws import LAW

BOOK: Final = """\
open_depot("Millbrook")
drills = [m for m in show_machines() if m["kind"] == "drill"]
cheapest = min(drills, key=lambda m: m["daily_rate"])
choose_machine(cheapest["machine_name"], days=2)
review_booking()
result = confirm_booking()
"""

#: Each does the same as BOOK.
SAME: Final = (
    BOOK.replace("drills", "them").replace("cheapest", "c").replace("lambda m: m", "lambda x: x"),
    BOOK.replace("result = ", ""),
    BOOK.replace(
        "min(drills, key=lambda m: m[", "sorted(drills, key=lambda each: each["
    ).replace('["daily_rate"])\n', '["daily_rate"])[0]\n'),
    BOOK.replace('(cheapest["machine_name"]', '(machine_name=cheapest["machine_name"]'),
    BOOK.replace('cheapest["machine_name"]', "name").replace(
        "choose", 'name = cheapest["machine_name"]\nchoose'
    ),
    BOOK.replace('open_depot("Millbrook")', 'where = "Millbrook"\nopen_depot(where)'),
    "depots = show_depots()\n" + BOOK,
    'open_depot("Harrow Vale")\nback_to_start()\n' + BOOK,
)  # fmt: skip

#: None of these does the same as BOOK, or as another of them.
OTHER: Final = (
    BOOK.replace("min(", "max("),
    BOOK.replace("days=2", "days=3"),
    BOOK.replace(", days=2", ""),
    BOOK.replace("Millbrook", "Harrow Vale"),
    BOOK.replace('"drill"', '"excavator"'),
    BOOK.replace("daily_rate", "weight_kg"),
    BOOK.replace("result = confirm_booking()\n", ""),
    BOOK.replace("review", 'choose_machine("Mole drill")\nreview'),
    BOOK.replace("review", "if len(drills) > 1:\n    choose_machine('Mole drill')\nreview"),
    BOOK.replace("review", "for m in drills:\n    choose_machine(m['machine_name'])\nreview"),
    BOOK.replace("min(drills,", "min(drills[1:],"),
    BOOK.replace("cheapest =", "drills.pop()\ncheapest ="),
    BOOK.replace("cheapest =", "others = drills\nothers.pop(0)\ncheapest ="),
    BOOK.replace("confirm_booking()", "show_bookings()"),
)  # fmt: skip


def run_of(plan: str, toolset: Toolset = TOOLSET) -> DryRun:
    checked = check(Source("plan", plan), toolset)
    assert isinstance(checked, CheckedProgram), (plan, [d.message for d in checked])
    return dry_run(checked)


@pytest.mark.parametrize("plan", SAME)
def test_another_way_to_write_it_is_the_same(plan: str) -> None:
    assert plan != BOOK
    assert run_of(plan) == run_of(BOOK)


def test_whatever_does_something_else_is_told_apart() -> None:
    runs = [run_of(plan) for plan in (BOOK, *OTHER)]
    assert len(set(runs)) == len(runs)


def test_what_it_says(golden: Golden) -> None:
    loop = (
        "total = 0\nfor depot in show_depots():\n"
        '    open_depot(depot["depot_name"])\n    machines = show_machines()\n'
        "    total = total + len(machines)\n    if total > 5:\n"
        '        choose_machine(machines[0]["machine_name"])\n    back_to_start()\n'
        "result = total\n"
    )
    stories = []
    for plan in (BOOK, loop, "open_depot('Millbrook')\nresult = len(show_machines())\n"):
        run = run_of(plan)
        said = "\n".join((*run.steps, f"answers {run.answer}", f"commits: {run.commits}"))
        stories.append(f"{plan}---\n{said}\n")
    golden("planner/dry_runs.txt", "\n".join(stories))


def test_a_loop_that_is_left_early_is_known_by_its_text() -> None:
    plan = BOOK.replace("review", "for m in drills:\n    show_machines()\n    break\nreview")
    assert run_of(plan) == run_of(plan.replace("break", "break  # enough"))
    assert run_of(plan) != run_of(plan.replace("drills", "them"))
    assert run_of(plan).commits


# -- the law: on a site that keeps its contracts, one dry run is one effect ------------------------


async def observe(page: Any) -> dict[str, StateValue]:
    """Nothing is run here."""
    raise NotImplementedError


@tool(ensures="place == $where", effect=Effect.NAVIGATE)
async def go(page: Any, where: int) -> None:
    """Go somewhere."""


@tool(effect=Effect.READ)
async def look(page: Any) -> list[int]:
    """See what is here."""
    raise NotImplementedError


@tool(effect=Effect.READ)
async def value(page: Any, of: int) -> int:
    """Tell what something is worth."""
    raise NotImplementedError


@tool(effect=Effect.WRITE)
async def put(page: Any, what: int, times: int = 1) -> int:
    """Put something here."""
    raise NotImplementedError


WORLD: Final = Toolset(
    name="world",
    title="World",
    state=StateModel((StateVar("place", type=int),)),
    observe=observe,
    tools=(go, look, value, put),
)


class World:
    """What happens; answers depend on the place, and on all that was put anywhere before."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.place: int | None = None
        self.log: list[tuple[int | None, int, int]] = []

    def _draw(self, *of: object) -> Random:
        return Random(repr((self.seed, of, self.place, self.log)))

    def go(self, where: int) -> None:
        self.place = where

    def look(self) -> list[int]:
        chance = self._draw("look")
        return [chance.randint(0, 3) for _ in range(chance.randint(0, 3))]

    def value(self, of: int) -> int:
        return self._draw("value", of).randint(0, 3)

    def put(self, what: int, times: int = 1) -> int:
        self.log.append((self.place, what, times))
        return len(self.log)

    def run(self, plan: str) -> tuple[object, ...]:
        """What was put where, and the answer or the error."""
        names: dict[str, Any] = {n: getattr(self, n) for n in ("go", "look", "value", "put")}
        try:
            exec(compile(plan, "plan", "exec"), names)
        except (IndexError, ValueError, TypeError) as error:
            return (*self.log, type(error))
        return (*self.log, repr(names["result"]))


class _Writer:
    """Random plans; every name that is read has been written."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.numbers, self.lists = ["n"], ["xs"]
        self.fresh = 0

    def plan(self) -> str:
        lines = ["n = value(1)", "xs = look()", *self.block(2)]
        return "\n".join((*lines, f"result = [{self.number()}, {self.list()}]")) + "\n"

    def block(self, depth: int) -> list[str]:
        known = (list(self.numbers), list(self.lists))
        lines = [line for _ in range(self.chance.randint(1, 4)) for line in self.statement(depth)]
        if depth < 2:
            self.numbers, self.lists = known
        return lines

    def statement(self, depth: int) -> list[str]:
        kinds = "put put go number list append alias".split() + ["if", "for", "sum"] * (depth > 0)
        match self.chance.choice(kinds):
            case "put":
                return [f"put({self.number()})"]
            case "go":
                return [f"go({self.number()})"]
            case "number":
                text = self.number()
                return [f"{self.name(self.numbers)} = {text}"]
            case "list":
                text = self.chance.choice(("look()", "[]", f"[x + 1 for x in {self.list()}]"))
                return [f"{self.name(self.lists)} = {text}"]
            case "append":
                how = self.chance.choice((f"append({self.number()})", "clear()", "sort()"))
                return [f"{self.list()}.{how}"]
            case "alias":
                text = self.list()
                return [f"{self.name(self.lists)} = {text}"]
            case "sum":
                name = self.chance.choice(self.numbers)
                return [f"{name} = {name} + {self.number()}"]
            case "if":
                test = f"{self.number()} > {self.number()}"
                return [f"if {test}:", *self.inner(depth), "else:", *self.inner(depth)]
            case _:
                self.fresh += 1
                one, goes_over = (
                    f"e{self.fresh}",
                    self.chance.choice(("look()", f"list({self.list()})")),
                )
                self.numbers.append(one)
                lines = [f"for {one} in {goes_over}:", *self.inner(depth)]
                self.numbers.remove(one)
                return lines

    def inner(self, depth: int) -> list[str]:
        return [f"    {line}" for line in self.block(depth - 1)]

    def name(self, known: list[str]) -> str:
        if self.chance.random() < 0.5:
            return self.chance.choice(known)
        self.fresh += 1
        known.append(f"v{self.fresh}")
        return known[-1]

    def number(self) -> str:
        one = self.chance.choice(self.numbers)
        texts = (one, one, "1", "2", f"{one} + 1", f"value({one})", f"len({self.list()})",
                 f"sum({self.list()})")  # fmt: skip
        return self.chance.choice(texts)

    def list(self) -> str:
        return self.chance.choice(self.lists)


def renamed(plan: str) -> str:
    """The same with other names."""
    return (
        plan.replace("xs", "names")
        .replace("e1", "one")
        .replace("v1", "first")
        .replace("v2", "second")
    )


def changed(plan: str, chance: Random) -> str:
    """The plan with a small difference, which may or may not matter."""
    lines = plan.splitlines()
    at = chance.randrange(2, len(lines))
    match chance.randrange(4):
        case 0 if lines[at].startswith(("put", "go", "v", "n", "xs")) and at + 1 < len(lines):
            following = lines[at + 1]
            if not following.startswith((" ", "if", "for", "else", "result")):
                lines[at : at + 2] = [following, lines[at]]
        case 1:
            lines[at] = lines[at].replace("1", "2", 1)
        case 2:
            lines.insert(
                2, chance.choice(("go(1)", "look()", "put(1)", "zs = look()", "n = n + 0"))
            )
        case _:
            lines[at] = lines[at].replace("xs", "list(xs)", 1)
    return "\n".join(lines) + "\n"


def checked_run(plan: str) -> DryRun | None:
    checked = check(Source("plan", plan), WORLD)
    return dry_run(checked) if isinstance(checked, CheckedProgram) else None


@LAW
@given(st.randoms(use_true_random=False))
def test_plans_with_one_dry_run_do_the_same(chance: Random) -> None:
    plan = _Writer(chance).plan()
    other = changed(plan, chance)
    one, two = checked_run(plan), checked_run(other)
    if one is None or one != two:
        return
    for seed in range(8):
        assert World(seed).run(plan) == World(seed).run(other), f"{plan}\n---\n{other}"


def test_the_law_is_tried_on_pairs_that_agree_and_names_do_not_matter() -> None:
    agree = differ = alike = 0
    for seed in range(120):
        chance = Random(seed)
        plan = _Writer(chance).plan()
        other = changed(plan, chance)
        one, two = checked_run(plan), checked_run(other)
        if one is None or two is None:
            continue
        assert checked_run(renamed(plan)) == one, plan
        agree += one == two and plan != other
        same = all(World(s).run(plan) == World(s).run(other) for s in range(8))
        differ += not same
        alike += same
        assert same or one != two, f"{plan}\n---\n{other}"
    assert differ > 15
    assert agree > 10
    assert agree <= alike
