"""Do twenty small pages of MiniWoB++ at several seeds, by their plans and by damaged ones."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import threading
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from agentjit import AgentJIT, RunResult

HERE: Final = Path(__file__).parent
SEEDS: Final = (1, 2, 3)
#: Where `make miniwob` puts the wheel, unless this variable names another folder.
FOLDER_VARIABLE: Final = "AGENTJIT_MINIWOB"
FOLDER: Final = HERE.parents[1] / ".venv-miniwob"


@dataclass(frozen=True, slots=True)
class Episode:
    """A page with its plan; `damaged` is the plan with one mistake."""

    page: str
    plan: str
    damaged: str


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - so it is called
        pass


def find_pages() -> Path | None:
    """The folder of MiniWoB++'s pages; None where it is not installed."""
    folder = Path(os.environ.get(FOLDER_VARIABLE) or FOLDER) / "miniwob" / "html"
    return folder if folder.is_dir() else None


def load_episodes() -> tuple[Episode, ...]:
    """All of episodes.toml. Raises ValueError for a damage that does not fit."""
    listed = tomllib.loads((HERE / "episodes.toml").read_text("utf-8"))["episodes"]
    return tuple(_load(**given) for given in listed)


def _load(page: str, plan: str, damage: tuple[str, str]) -> Episode:
    old, new = damage
    if plan.count(old) != 1:
        raise ValueError(f"{page}: its plan has {old!r} {plan.count(old)} times")
    return Episode(page, plan, plan.replace(old, new))


def whole_plan(page: str, seed: int, plan: str) -> str:
    """A plan from opening the page to its reward."""
    opening = f"open_page({page!r}, {seed})\nstart_episode()"
    return f"{opening}\n{plan.strip()}\nresult = read_reward()\n"


@contextmanager
def serving_pages(folder: Path) -> Iterator[str]:
    """Serve the pages, as they are, on a port of 127.0.0.1 until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@asynccontextmanager
async def open_engine(folder: Path) -> AsyncIterator[AgentJIT]:
    """An engine on the served pages. Raises AgentjitError."""
    with serving_pages(folder) as url, tempfile.TemporaryDirectory() as runs:
        async with AgentJIT(
            tools=HERE / "tools.py", url=url, planner="symbolic", runs_dir=Path(runs)
        ) as jit:
            yield jit


def is_rewarded(result: RunResult) -> bool:
    """Whether a run ended, and the page gave more than nothing for it."""
    return result.ok and isinstance(result.value, float | int) and result.value > 0


async def rewarded_seeds(jit: AgentJIT, page: str, plan: str) -> tuple[int, ...]:
    """The seeds at which the page rewards a plan."""
    results = {s: await jit.run(page, plan=whole_plan(page, s, plan)) for s in SEEDS}
    return tuple(seed for seed, result in results.items() if is_rewarded(result))


async def is_noticed(jit: AgentJIT, page: str, damaged: str) -> bool:
    """Whether some seed does not reward a damaged plan; no more are tried than it takes."""
    for seed in SEEDS:
        if not is_rewarded(await jit.run(page, plan=whole_plan(page, seed, damaged))):
            return True
    return False


async def run_all(folder: Path) -> bool:
    """Print the table; whether all plans were rewarded at all seeds, and all damage was noticed."""
    good = True
    async with open_engine(folder) as jit:
        for episode in load_episodes():
            seeds = await rewarded_seeds(jit, episode.page, episode.plan)
            noticed = await is_noticed(jit, episode.page, episode.damaged)
            good &= seeds == SEEDS and noticed
            print(
                f"{episode.page:24}rewarded at {len(seeds)} of {len(SEEDS)} seeds   "
                f"damaged plan {'noticed' if noticed else 'NOT NOTICED'}",
                flush=True,
            )
    return good


def main() -> int:
    """The exit code: 0 where everything went as it should."""
    folder = find_pages()
    if folder is None:
        print("error: MiniWoB++ is not installed; make miniwob does that", file=sys.stderr)
        return 2
    return 0 if asyncio.run(run_all(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
