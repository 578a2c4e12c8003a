"""A model for our own step loop that answers by a recording: it never errs."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from agentjit.bench.recordings.recorder import read_script
from agentjit.bench.recordings.recording import Recording
from agentjit.bench.rivals.batching import count_tokens, next_batch
from agentjit.ports import Completion, Prompt, Usage, Watch
from agentjit.stepping.snapshot import REF

if TYPE_CHECKING:
    from playwright.async_api import Page

#: An element of the tree that the loop shows: role, name, and what it is called.
_ELEMENT: Final = re.compile(
    r'^ *- \'?(?P<role>[\w-]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?'
    rf"[^\n]*?\[ref=(?P<ref>{REF})\]",
    re.MULTILINE,
)
#: How the loop tells that an action was done.
_DONE: Final = ("clicked", "typed", "selected", "pressed", "scrolled", "gone there")
#: So many looks in a row at a page where nothing can be done, and it gives up.
_PATIENCE: Final = 8
#: Milliseconds that a look at one element may take.
_LOOK_MS: Final = 2_000


class Follower:
    """Tells the step loop what was recorded, by the names that elements have on the page shown.

    It has the page beside the prompt, as an able model would read from the tree which element is
    meant. Give `note` to the loop, to be told of each step.
    """

    name = "scripted"

    def __init__(
        self,
        recording: Recording,
        page: Page,
        think: Callable[[int, int], float] = lambda _prompt, _output: 0.0,
        most: int = 10,
    ) -> None:
        self._recording = recording
        self._actions = [action.to_json() for action in recording.actions]
        self._page = page
        #: From tokens of prompt and answer to the seconds that an answer takes.
        self._think = think
        #: Actions that the loop does of one answer: more would be for nothing.
        self._most = most
        self._cursor = self._stuck = 0
        self._asked = 0

    def note(self, told: Sequence[str]) -> None:
        """What came of the actions that were asked for last, in the loop's words."""
        done = [words.startswith(_DONE) for words in told[: self._asked]]
        self._cursor += done.index(False) if False in done else len(done)
        self._asked = 0

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:  # noqa: ARG002
        """The next answer, after the time that it takes to think of it."""
        began = time.monotonic()
        read = "\n".join(message["content"] for message in prompt.messages)
        said = json.dumps(await self._answer(read), ensure_ascii=False, separators=(",", ":"))
        usage = Usage(
            calls=1, prompt_tokens=count_tokens(read), completion_tokens=count_tokens(said)
        )
        takes = self._think(usage.prompt_tokens, usage.completion_tokens)
        await asyncio.sleep(max(0.0, began + takes - time.monotonic()))
        return Completion(text=said, usage=usage, seconds=time.monotonic() - began)

    async def _answer(self, read: str) -> list[dict[str, Any]]:
        elements = [match.groupdict("") for match in _ELEMENT.finditer(read)]

        async def find(action: Mapping[str, Any]) -> str | None:
            return await self._find(action["target"], elements)

        batch = await next_batch(self._actions, self._cursor, self._most, find)
        self._asked = len(batch)
        last = self._cursor + len(batch) == len(self._actions) and len(batch) < self._most
        answer = [say(each, ref) for each, ref in batch]
        if last and not (batch and (batch[-1][0]["leaves"] or batch[-1][0]["look"])):
            return [*answer, {"done": self._recording.answer}]
        self._stuck = 0 if batch else self._stuck + 1
        if self._stuck > _PATIENCE:
            return [{"give_up": "the page is not as it was"}]
        return answer or [{"more": True}]

    async def _find(
        self, target: Mapping[str, Any], elements: Sequence[Mapping[str, str]]
    ) -> str | None:
        """What the element is called in the tree that was shown; None where it is not in it."""
        paths: list[str] = await self._page.evaluate(_stand_ins(), dict(target))
        if not paths:
            return None
        for each in elements:
            if is_like(target, each) and await self._stands(each["ref"], target):
                return each["ref"]
        shown = {each["ref"] for each in elements}
        for path in paths:
            tree = await self._page.locator(path).aria_snapshot(mode="ai", timeout=_LOOK_MS)
            # Looking at a part makes it all that names stand for: the whole is looked at again.
            await self._page.aria_snapshot(mode="ai")
            match = _ELEMENT.match(tree)
            if match and match["ref"] in shown:
                return match["ref"]
        return None

    async def _stands(self, ref: str, target: Mapping[str, Any]) -> bool:
        place = await self._page.query_selector(f"aria-ref={ref}")
        return place is not None and bool(await place.evaluate(_stands(), dict(target)))


def is_like(target: Mapping[str, Any], element: Mapping[str, str]) -> bool:
    """Whether an element of the tree has the role and the name of a target."""
    name = json.dumps(target["name"], ensure_ascii=False)[1:-1]
    return element["name"] == name and element["role"] == target["role"]


def say(action: Mapping[str, Any], ref: str | None) -> dict[str, Any]:
    """An action in the step loop's own terms."""
    value = action["value"]
    match action["kind"]:
        case "goto":
            return {"goto": value}
        case "click":
            return {"click": ref}
        case "fill":
            return {"type": ref, "text": value}
        case "select":
            return {"select": ref, "option": value}
        case _:
            return {"press": value, "on": ref}


@cache
def _scripts() -> str:
    return read_script("targets.js") + read_script("standing.js")


@cache
def _stands() -> str:
    """Whether an element may stand for the one that is meant."""
    return f"(element, target) => {{\n{_scripts()}\nreturn standIns(target).includes(element);\n}}"


@cache
def _stand_ins() -> str:
    """Where the elements are that may stand for it, as far as they can be seen."""
    return f"(target) => {{\n{_scripts()}\nreturn standIns(target).filter(seen).map(pathOf);\n}}"
