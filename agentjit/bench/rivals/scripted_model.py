"""A chat model for browser-use that answers by a recording: it never errs, and takes its time.

For the Python that has browser-use; see `drive_browser_use.py`. It stands in for an able model, so
it is told what such a model reads off the page: which number an element has in the state that the
agent was shown. Where an element has none, it scrolls to it, or waits.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

batching: Any = import_module("batching")
browser_use_terms: Any = import_module("browser_use_terms")

#: So many looks in a row at a page where nothing can be done, and the model gives up.
PATIENCE: Final = 8
#: After so many the last click is taken to have been lost.
LOST: Final = 2

#: What an older release says in the place of what it has not done of an answer.
SKIPPED: Final = ("are not yet executed", "were not executed")

_FOLDER: Final = Path(__file__).parent


class ScriptedModel:
    """Speaks browser-use's protocol of chat models."""

    _verified_api_keys = True
    model = "scripted"
    name = "scripted"
    provider = "scripted"
    model_name = "scripted"

    def __init__(
        self,
        recording: Mapping[str, Any],
        think: Mapping[str, float | None],
        terms: Any,
        site: str,
    ) -> None:
        self.recording = recording
        #: Where the replica is, without a slash at the end.
        self.site = site
        #: Actions that it asks for at once, where the agent allows as many.
        self.most = 1
        self.thoughts: list[dict[str, Any]] = []
        self.steps = self.actions = 0
        self.first_action: float | None = None
        #: Seconds by which answers were late, for looking where elements are: no figure has them.
        self.aside = 0.0
        self.agent: Any = None
        self.began = time.monotonic()
        self._think = think
        self._terms = terms
        self._cursor = self._stuck = 0
        #: Where in the recording an action was done again.
        self._again: set[int] = set()
        #: For each action that was asked for last: whether it is one of the recording.
        self._asked: list[bool] = []
        sources = [_FOLDER.parent / "recordings" / name for name in ("targets.js", "standing.js")]
        self._script = "".join(source.read_text("utf-8") for source in sources)

    async def ainvoke(self, messages: list[Any], output_format: Any = None, **_: Any) -> Any:
        """One call of the model: its answer, after the time that it takes to think of it."""
        began = time.monotonic()
        fields = {} if output_format is None else output_format.model_fields
        schema = "" if output_format is None else json.dumps(output_format.model_json_schema())
        if "action" in fields:
            said = await self._step(output_format.model_json_schema()["properties"])
        elif "verdict" in fields:
            said = json.dumps(JUDGEMENT)
        else:
            said = "The task is being done as asked; nothing went wrong so far."
        prompt = sum(
            batching.count_tokens(browser_use_terms.text_of(message)) for message in messages
        )
        prompt += batching.count_tokens(schema)
        output = batching.count_tokens(said)
        late = await self._rest(began, prompt, output)
        self.thoughts.append(
            {
                "began": began - self.began - self.aside,
                "seconds": time.monotonic() - began - late,
                "prompt_tokens": prompt,
                "output_tokens": output,
            }
        )
        self.aside += late
        if self._asked and self.first_action is None:
            self.first_action = time.monotonic() - self.began - self.aside
        return self._terms.completion(said, output_format, prompt, output)

    def begin(self, agent: Any, most: int, began: float) -> None:
        """The trial's clock runs since `began`, on the system's monotonic clock."""
        self.agent, self.most, self.began = agent, most, began

    def tell(self) -> dict[str, Any]:
        """What was counted, now that the agent has ended."""
        self._count_last()
        names = ("first_action", "thoughts", "steps", "actions", "aside")
        told = {name: getattr(self, name) for name in names}
        return {"first_action_seconds": told.pop("first_action"), **told}

    def _count_last(self) -> None:
        """Take note of what became of the actions that were asked for last."""
        past = self.agent.history.history
        results = past[-1].result if past else []
        for recorded, result in zip(self._asked, results, strict=False):
            if any(words in (result.extracted_content or "") for words in SKIPPED):
                break
            self.actions += not result.is_done
            if result.error:
                break
            self._cursor += recorded
        self._asked = []

    async def _rest(self, began: float, prompt: int, output: int) -> float:
        """Wait until the answer is due; by how many seconds it is late."""
        first, rate, reading = (self._think.get(n) or 0 for n in ("first", "rate", "prompt_rate"))
        takes = first + (output / rate if rate else 0) + (prompt / reading if reading else 0)
        left = began + takes - time.monotonic()
        await asyncio.sleep(max(0.0, left))
        return max(0.0, -left)

    async def _step(self, properties: Mapping[str, Any]) -> str:
        if self._asked:
            self._count_last()
        self.steps += 1
        actions = self.recording["actions"]
        if self._cursor >= len(actions):
            return self._say(properties, [self._done(True)], "say what was found")
        batch = await self._batch()
        if not batch and self._stuck == LOST and self._may_be_lost():
            # Clicked while the page was still busy with what came before, it did nothing.
            self._again.add(self._cursor)
            self._cursor -= 1
            batch = await self._batch()
        if batch:
            self._stuck = 0
            self._asked = [True] * len(batch)
            asked = [self._terms.action(each, number, self.site) for each, number in batch]
            return self._say(properties, asked, aim_of(batch[-1][0]))
        self._stuck += 1
        if self._stuck > PATIENCE:
            return self._say(properties, [self._done(False)], "give up")
        far = await self._ask_page("distance", actions[self._cursor]["target"])
        self._asked = [False]
        helping = self._terms.scroll(far) if far else self._terms.wait()
        return self._say(properties, [helping], aim_of(actions[self._cursor]))

    async def _batch(self) -> list[Any]:
        numbers = self._numbers()

        async def find(action: Mapping[str, Any]) -> int | None:
            target = action["target"]
            if not self._terms.scrolls and await self._ask_page("distance", target):
                return None
            return await self._find(target, numbers)

        most = min(self.most, self.agent.settings.max_actions_per_step)
        actions = self.recording["actions"]
        batch: list[Any] = await batching.next_batch(actions, self._cursor, most, find)
        return batch

    def _may_be_lost(self) -> bool:
        """Whether the last action can have had no effect, and be done again without harm."""
        if self._cursor == 0 or self._cursor in self._again:
            return False
        last = self.recording["actions"][self._cursor - 1]
        return last["kind"] == "click" and not batching.sends(last)

    def _done(self, success: bool) -> dict[str, Any]:
        text = self.recording["answer_text"] if success else "This cannot be done."
        return {"done": {"text": text, "success": success}}

    def _say(self, properties: Mapping[str, Any], asked: list[Any], aim: str) -> str:
        """An answer in the form that is asked for, each field of prose as short as it can be."""
        total = len(self.recording["actions"])
        prose = {
            "thinking": f"So far all went well. The page shows what is needed to {aim}.",
            "evaluation_previous_goal": "The last action worked. Verdict: Success",
            "memory": f"{self._cursor} of {total} actions done.",
            "next_goal": f"{aim[:1].upper()}{aim[1:]}.",
        }
        answer = {name: text for name, text in prose.items() if name in properties}
        return json.dumps({**answer, "action": asked}, ensure_ascii=False, separators=(",", ":"))

    def _numbers(self) -> dict[int, int]:
        """The browser's number of an element -> its number in the state that the agent shows."""
        shown = self._terms.selector_map(self.agent.browser_session)
        return {node.backend_node_id: number for number, node in shown.items()}

    async def _find(self, target: Mapping[str, Any], numbers: Mapping[int, int]) -> int | None:
        session, client = await self._terms.page(self.agent.browser_session)
        found = await client.Runtime.evaluate(
            {"expression": self._call("standIns", target)}, session_id=session
        )
        listed = await client.Runtime.getProperties(
            {"objectId": found["result"]["objectId"], "ownProperties": True}, session_id=session
        )
        for entry in listed["result"]:
            handle = entry.get("value", {}).get("objectId")
            if not entry["name"].isdigit() or handle is None:
                continue
            node = await client.DOM.describeNode({"objectId": handle}, session_id=session)
            number = numbers.get(node["node"]["backendNodeId"])
            if number is not None:
                return number
        return None

    async def _ask_page(self, function: str, target: Mapping[str, Any]) -> float | None:
        session, client = await self._terms.page(self.agent.browser_session)
        answer = await client.Runtime.evaluate(
            {"expression": self._call(function, target), "returnByValue": True}, session_id=session
        )
        value: float | None = answer["result"].get("value")
        return value

    def _call(self, function: str, target: Mapping[str, Any]) -> str:
        return f"(() => {{\n{self._script}\nreturn {function}({json.dumps(target)});\n}})()"


JUDGEMENT: Final = {
    "reasoning": "The agent did what was asked, and said so.",
    "verdict": True,
    "failure_reason": "",
}


def aim_of(action: Mapping[str, Any]) -> str:
    """What an action is for, in a few words."""
    target = action["target"]
    return f"{action['kind']} {target['name'] or target['role'] if target else action['value']}"
