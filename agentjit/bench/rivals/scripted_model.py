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

#: So many looks in a row at a page where nothing can be done, and the model gives up.
PATIENCE: Final = 8

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
        words: Words,
        site: str,
    ) -> None:
        self.recording = recording
        #: Where the replica is, without a slash at the end.
        self.site = site
        self.thoughts: list[dict[str, Any]] = []
        self.steps = self.actions = 0
        self.first_action: float | None = None
        self.agent: Any = None
        self.began = time.monotonic()
        self._think = think
        self._words = words
        self._cursor = self._stuck = 0
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
        prompt = sum(batching.count_tokens(text_of(message)) for message in messages)
        prompt += batching.count_tokens(schema)
        output = batching.count_tokens(said)
        await self._rest(began, prompt, output)
        self.thoughts.append(
            {
                "began": began - self.began,
                "seconds": time.monotonic() - began,
                "prompt_tokens": prompt,
                "output_tokens": output,
            }
        )
        if self._asked and self.first_action is None:
            self.first_action = time.monotonic() - self.began
        return self._words.completion(said, output_format, prompt, output)

    def begin(self, agent: Any, began: float) -> None:
        """The trial's clock runs since `began`, on the system's monotonic clock."""
        self.agent, self.began = agent, began

    def tell(self) -> dict[str, Any]:
        """What was counted, now that the agent has ended."""
        self._count_last()
        names = ("first_action", "thoughts", "steps", "actions")
        told = {name: getattr(self, name) for name in names}
        return {"first_action_seconds": told.pop("first_action"), **told}

    def _count_last(self) -> None:
        """Take note of what became of the actions that were asked for last."""
        past = self.agent.history.history
        results = past[-1].result if past else []
        for recorded, result in zip(self._asked, results, strict=False):
            self.actions += not result.is_done
            if result.error:
                break
            self._cursor += recorded
        self._asked = []

    async def _rest(self, began: float, prompt: int, output: int) -> None:
        first, rate, reading = (self._think.get(n) or 0 for n in ("first", "rate", "prompt_rate"))
        takes = first + (output / rate if rate else 0) + (prompt / reading if reading else 0)
        await asyncio.sleep(max(0.0, began + takes - time.monotonic()))

    async def _step(self, properties: Mapping[str, Any]) -> str:
        if self._asked:
            self._count_last()
        self.steps += 1
        actions = self.recording["actions"]
        if self._cursor >= len(actions):
            return self._say(properties, [self._done(True)], "say what was found")
        numbers = self._numbers()

        async def find(action: Mapping[str, Any]) -> int | None:
            return await self._find(action["target"], numbers)

        most = self.agent.settings.max_actions_per_step
        batch = await batching.next_batch(actions, self._cursor, most, find)
        if batch:
            self._stuck = 0
            self._asked = [True] * len(batch)
            asked = [self._words.action(each, number, self.site) for each, number in batch]
            return self._say(properties, asked, aim_of(batch[-1][0]))
        self._stuck += 1
        if self._stuck > PATIENCE:
            return self._say(properties, [self._done(False)], "give up")
        far = await self._ask_page("distance", actions[self._cursor]["target"])
        self._asked = [False]
        helping = self._words.scroll(far) if far else self._words.wait()
        return self._say(properties, [helping], aim_of(actions[self._cursor]))

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
        shown = self._words.selector_map(self.agent.browser_session)
        return {node.backend_node_id: number for number, node in shown.items()}

    async def _find(self, target: Mapping[str, Any], numbers: Mapping[int, int]) -> int | None:
        session, client = await self._words.page(self.agent.browser_session)
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
        session, client = await self._words.page(self.agent.browser_session)
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


def text_of(message: Any) -> str:
    """The words of a message; pictures in it are not counted."""
    content = message.content
    if isinstance(content, str):
        return content
    return "".join(getattr(part, "text", "") for part in content or ())


class Words:
    """What a release of browser-use calls its actions, and where it keeps what it has shown."""

    def __init__(self, names: Mapping[str, str], views: Any) -> None:
        self._names = names
        self._views = views

    def action(self, action: Mapping[str, Any], number: int | None, site: str) -> dict[str, Any]:
        """A recorded action as the agent is asked for it."""
        value, named = action["value"], self._names
        match action["kind"]:
            case "goto":
                return {named["goto"]: {"url": site + value}}
            case "click":
                return {named["click"]: {"index": number}}
            case "fill":
                return {named["fill"]: {"index": number, "text": value}}
            case "select":
                return {named["select"]: {"index": number, "text": value}}
            case _:
                return {"send_keys": {"keys": value}}

    def scroll(self, windows: float) -> dict[str, Any]:
        """So many windows down; up where it is less than none."""
        pages = max(0.5, min(10.0, round(abs(windows), 1)))
        return {"scroll": {"down": windows > 0, self._names["pages"]: pages}}

    def wait(self) -> dict[str, Any]:
        """The shortest wait."""
        return {"wait": {"seconds": 1}}

    def selector_map(self, session: Any) -> Mapping[int, Any]:
        """Number -> element, as the agent has shown them last."""
        shown = session._cached_browser_state_summary
        found: Mapping[int, Any] = {} if shown is None else shown.dom_state.selector_map
        return found

    async def page(self, session: Any) -> tuple[str, Any]:
        """The id of the debugging session of the tab, and the client that speaks to it."""
        debugging = await session.get_or_create_cdp_session()
        return debugging.session_id, debugging.cdp_client.send

    def completion(self, said: str, form: Any, prompt: int, output: int) -> Any:
        """The answer as browser-use takes it."""
        usage = self._views.ChatInvokeUsage(
            prompt_tokens=prompt,
            prompt_cached_tokens=None,
            prompt_cache_creation_tokens=None,
            prompt_image_tokens=None,
            completion_tokens=output,
            total_tokens=prompt + output,
        )
        answer = said if form is None else form.model_validate_json(said)
        return self._views.ChatInvokeCompletion(completion=answer, usage=usage)


#: Kind of action -> its name in a release.
NAMES_0_13: Final = {
    "goto": "navigate",
    "click": "click",
    "fill": "input",
    "select": "select_dropdown",
    "pages": "pages",
}
NAMES_0_7: Final = {
    "goto": "go_to_url",
    "click": "click_element_by_index",
    "fill": "input_text",
    "select": "select_dropdown_option",
    "pages": "num_pages",
}
