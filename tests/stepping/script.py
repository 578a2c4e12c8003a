"""A model that says what it is told to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from agentjit.ports import Completion, Prompt, Usage, Watch


@dataclass
class Script:
    """A model that gives these answers in turn; a name in braces stands for an element's ref."""

    answers: list[str]
    name: str = "script"
    seen: list[str] = field(default_factory=list)
    system: str = ""

    async def complete(self, prompt: Prompt, watch: Watch | None = None) -> Completion:
        told = prompt.messages[-1]["content"]
        self.system = prompt.messages[0]["content"]
        self.seen.append(told)
        text = re.sub(r"<([^<>]+)>", lambda m: ref_of(told, m[1]), self.answers[len(self.seen) - 1])
        return Completion(text=text, usage=Usage(1, 100, 20), seconds=0.5)


def ref_of(told: str, name: str) -> str:
    found = re.search(rf'"{re.escape(name)}".*?\[ref=(\w+)\]', told)
    assert found is not None, told
    return found[1]
