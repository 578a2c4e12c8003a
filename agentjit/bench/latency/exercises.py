"""What is run: the paper's tasks, the ladder's orders, and tasks of a user's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import agentjit
from agentjit.bench.ladder import RUNGS, STORE, Rung
from agentjit.errors import UsageError
from agentjit.sites.tasks import GraderName, SiteTask, all_tasks
from agentjit.toolspecs import JsonValue

#: Where the reference plans of the bundled tasks are in a clone of the repository.
PLANS: Final = Path(agentjit.__file__).parents[1] / "tests" / "sites"
#: Plans for tasks whose reference knows a name that neither the task nor a page has told.
_ASKED_FIRST: Final = Path(__file__).with_name("plans")

#: The ladder's orders by name. The shortest has 6 clicks where the others have 10 and 20.
LADDER: Final = dict(zip(("ladder-5", "ladder-10", "ladder-20"), RUNGS, strict=True))

#: A task for each of the kinds that there are: read, commit, write, and a loop over pages.
SHORT: Final = ("dashdish-3", "dashdish-9", "omnizon-4", "gomail-8", "webarena-404", "ladder-10")

_OWN_FIELDS: Final = {"id", "goal", "url", "tools", "plan", "answer", "kind"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A task on a site of a user's own: where it is, its tools, and what is the right answer."""

    url: str
    tools: Path
    #: The value that the run must give; without one a run counts that says it is done.
    answer: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One task under one seed, with what a model that never errs would answer."""

    id: str
    goal: str
    site: str
    #: read, write or commit.
    kind: str = "read"
    seed: int = 0
    #: The plan that does it; None where nobody has written one.
    plan: str | None = None
    cardinality: str | None = None
    #: The bundled task, which knows its grader; None for a user's own.
    task: SiteTask | None = None
    rung: Rung | None = None
    #: The items of the ladder's order.
    items: tuple[str, ...] = ()
    own: Own | None = None


def find_exercises(names: Sequence[str], seed: int, plans: Path = PLANS) -> tuple[Exercise, ...]:
    """The exercises that are named under one seed.

    A name is a task's id, a site's (the paper's tasks on it), `paper`, `ladder`, `short` or `all`.
    Raises UsageError.
    """
    known = {task.id: task for task in all_tasks()}
    chosen = dict.fromkeys(found for name in names for found in _ids(name, known))
    return tuple(
        _ladder(name, LADDER[name], seed) if name in LADDER else _bundled(known[name], seed, plans)
        for name in chosen
    )


def _ids(name: str, known: Mapping[str, SiteTask]) -> Iterator[str]:
    papers = [task for task in known.values() if task.paper is not None]
    match name:
        case "all":
            yield from (*(task.id for task in papers), *LADDER)
        case "paper":
            yield from (task.id for task in papers)
        case "ladder":
            yield from LADDER
        case "short":
            yield from SHORT
        case _ if name in known or name in LADDER:
            yield name
        case _ if any(task.site == name for task in papers):
            yield from (task.id for task in papers if task.site == name)
        case _:
            near = get_close_matches(name, [*known, *LADDER], n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "try paper, ladder or short"
            raise UsageError(f"there is no task {name!r}", hint)


def _bundled(task: SiteTask, seed: int, plans: Path) -> Exercise:
    return Exercise(
        id=task.id,
        goal=task.goal,
        site=task.site,
        kind=task.kind,
        seed=seed,
        plan=_read_plan(_ASKED_FIRST / f"{task.id}.plan")
        or _read_plan(plans / task.site / "plans" / f"{task.id}.plan"),
        cardinality=task.cardinality,
        # One grader for all systems, and at every seed the same.
        task=task.by_ours(),
    )


def _read_plan(path: Path) -> str | None:
    """A reference plan without its comments: an able model would write none."""
    if not path.is_file():
        return None
    lines = path.read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("# "))


def _ladder(name: str, rung: Rung, seed: int) -> Exercise:
    from agentjit.sites.dashdish.catalogue import catalogue

    store = next(store for store in catalogue(seed).stores if store.name == STORE)
    items = tuple(item.name for item in store.items() if not item.sold_out)[: rung.items]
    told = f"Order {_and(items)} from {STORE}"
    choices = dict(rung.choices)
    if choices:
        told += f' with a tip of {choices["tip"]} dollars and the drop-off "{choices["drop_off"]}"'
    shipping: dict[str, JsonValue] = {"dropOffOption": choices["drop_off"]} if choices else {}
    task = SiteTask(
        id=name,
        goal=f"{told}.",
        site="dashdish",
        grader=GraderName("agentjit", "order-placed"),
        kind="commit",
        expect={
            "store": STORE,
            "lines": [{"name": item} for item in items],
            "shipping": shipping,
        },
    )
    return Exercise(
        id=name,
        goal=task.goal,
        site="dashdish",
        kind="commit",
        seed=seed,
        plan=rung.plan(items),
        task=task,
        rung=rung,
        items=items,
    )


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def read_own(path: Path) -> tuple[Exercise, ...]:
    """A user's own tasks: [[task]] entries with id, goal, url and tools, and with plan (a file
    beside it), answer and kind where there are any. Raises UsageError.
    """
    try:
        entries = tomllib.loads(path.read_text("utf-8"))["task"]
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise UsageError(f"{path} holds no tasks: {error}", "it has [[task]] entries") from error
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise UsageError(
            f"{path} holds no tasks: task is no array of tables", "it has [[task]] entries"
        )
    tasks = tuple(_own(entry, path.parent) for entry in entries)
    twice = [task.id for task in tasks if sum(task.id == other.id for other in tasks) > 1]
    if twice:
        raise UsageError(f"{path} has the task {twice[0]!r} twice", "each has an id of its own")
    return tasks


def _own(entry: Mapping[str, Any], folder: Path) -> Exercise:
    missing = [name for name in ("id", "goal", "url", "tools") if not entry.get(name)]
    unknown = sorted(entry.keys() - _OWN_FIELDS)
    if missing or unknown:
        what = f"has no {missing[0]}" if missing else f"has an unknown field {unknown[0]}"
        raise UsageError(
            f"the task {entry.get('id', '?')!r} {what}",
            f"its fields are {', '.join(sorted(_OWN_FIELDS))}",
        )
    try:
        plan = (folder / entry["plan"]).read_text("utf-8") if "plan" in entry else None
    except OSError as error:
        raise UsageError(f"the plan of {entry['id']!r} cannot be read: {error.strerror}") from error
    return Exercise(
        id=entry["id"],
        goal=entry["goal"],
        site=Path(entry["tools"]).stem,
        kind=entry.get("kind", "read"),
        plan=plan,
        own=Own(url=entry["url"], tools=folder / entry["tools"], answer=entry.get("answer")),
    )
