"""A recording: what is done in the browser to do a task, told so that others can do it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from agentjit.errors import UsageError

#: The form of the files.
FORMAT: Final = 1

#: Open an address, click, type a text into a field, choose an option, press a key.
KINDS: Final = ("goto", "click", "fill", "select", "press")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An element, told in several ways, for none of them always finds it again."""

    role: str
    name: str
    #: Which it is of the visible elements with this role and name, in the order of the document.
    nth: int
    tag: str
    text: str
    attributes: Mapping[str, str]
    #: Leads to the element as the page was then.
    css: str
    #: The same for its label, where the element itself cannot be seen.
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing done. `value` is the path to open, the text, the option's text, or the key."""

    kind: str
    #: The address, without its origin, of the page on which it is done.
    path: str
    target: Target | None = None
    value: str | None = None
    #: Whether the address changed after it.
    leaves: bool = False
    #: Whether the plan reads the page after it: who decides by what it sees must look before more.
    look: bool = False
    #: The tool that did it.
    tool: str = ""

    def to_json(self) -> dict[str, Any]:
        """As data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From data. Raises TypeError, ValueError."""
        target = data.get("target")
        action = cls(**{**data, "target": None if target is None else Target(**target)})
        if action.kind not in KINDS:
            raise ValueError(f"{action.kind!r} is no kind of action")
        return action


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A task on one replica: its actions from the page `start` on, and the answer at the end, which
    is None where something was to be done and nothing to be found out.
    """

    task: str
    goal: str
    site: str
    seed: int
    start: str
    actions: tuple[Action, ...]
    answer: Any = field(default=None)

    @property
    def answer_text(self) -> str:
        """The answer as somebody says it who is done."""
        if self.answer is None:
            return "done"
        if isinstance(self.answer, str):
            return self.answer
        return json.dumps(self.answer, ensure_ascii=False)

    def to_json(self) -> dict[str, Any]:
        """As data."""
        names = ("task", "goal", "site", "seed", "start", "answer", "answer_text")
        return {
            "format": FORMAT,
            **{name: getattr(self, name) for name in names},
            "actions": [action.to_json() for action in self.actions],
        }


def read_recording(path: Path) -> Recording:
    """The recording in a file. Raises UsageError where it is none."""
    try:
        data = json.loads(path.read_text("utf-8"))
        if data.pop("format") != FORMAT:
            raise ValueError("it has another format")
        data.pop("answer_text")
        actions = tuple(Action.from_json(each) for each in data.pop("actions"))
        return Recording(**data, actions=actions)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is no recording: {error}", "make it anew") from error


def write_recording(recording: Recording, path: Path) -> Path:
    """Write the recording to a file, and give its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(recording.to_json(), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", "utf-8")
    return path
