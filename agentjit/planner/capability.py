"""How an endpoint takes a grammar: found out once, by what it does, and remembered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from agentjit.errors import ModelError
from agentjit.planner.endpoint import EndpointModel
from agentjit.planner.endpoint_errors import ModelBusy, ModelUnusable
from agentjit.planner.plan_cache import find_folder
from agentjit.planner.requests import GRAMMAR_FORMS
from agentjit.ports import Grammars, Model, Prompt

#: What `--grammar` may say.
GRAMMAR_CHOICES: Final = ("auto", *GRAMMAR_FORMS)

#: A word that no model would say of itself when it is greeted.
_WORD: Final = "AGENTJIT-7"
_PROBE: Final = Prompt(
    messages=({"role": "user", "content": "Say hello."},),
    max_tokens=16,
    grammar=Grammars(lark=f'start: "{_WORD}"\n', gbnf=f'root ::= "{_WORD}"\n'),
)
#: Who serves a model, as `/v1/models` tells it, and what such a server takes.
_OWNERS: Final = {"llamacpp": "llama.cpp", "vllm": "vllm"}
_OPENAI_HOST: Final = "api.openai.com"


@dataclass(frozen=True, slots=True)
class FormMemory:
    """A file that keeps which endpoint takes grammars how. Losing it costs one probe."""

    path: Path | None

    def recall(self, endpoint: str) -> str | None:
        """One of GRAMMAR_FORMS, or None where the endpoint has not been tried."""
        form = self._read().get(endpoint)
        return form if form in GRAMMAR_FORMS else None

    def keep(self, endpoint: str, form: str) -> None:
        """Remember it; where that is not possible, the next session tries again."""
        if self.path is None:
            return
        text = json.dumps({**self._read(), endpoint: form}, indent=1, sort_keys=True)
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            whole = self.path.with_suffix(".new")
            whole.write_text(f"{text}\n", "utf-8")
            whole.replace(self.path)

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self.path.read_text("utf-8")) if self.path else {}
        except (OSError, ValueError):
            return {}
        return data if isinstance(data, dict) else {}


def find_memory(env: Mapping[str, str]) -> FormMemory:
    """The memory where the user's caches are; one that forgets where there is no such place."""
    folder = find_folder(env)
    return FormMemory(folder / "grammar.json" if folder else None)


async def choose_form(
    model: EndpointModel, wanted: str, memory: FormMemory, paid: Callable[[Model], Model]
) -> str:
    """The form in which the model is sent grammars: what is `wanted`, or remembered, or found out.

    Found out: whoever says that it is a server which takes grammars is asked for one word under a
    grammar that allows nothing else. `paid` wraps the model that is asked.
    """
    if wanted != "auto":
        return wanted
    settings = model.settings
    endpoint = f"{settings.shown_url} {settings.sent_name}"
    known = memory.recall(endpoint)
    if known is not None:
        return known
    try:
        form = await _guess(model)
        if form != "none":
            form = form if await _obeys(model, form, paid) else "none"
    except ModelError:
        # It says nothing of grammars, so it is not remembered.
        return "none"
    memory.keep(endpoint, form)
    return form


async def _guess(model: EndpointModel) -> str:
    if urlsplit(model.settings.base_url).hostname == _OPENAI_HOST:
        return "openai"
    return _OWNERS.get(await model.owner() or "", "none")


async def _obeys(model: EndpointModel, form: str, paid: Callable[[Model], Model]) -> bool:
    probe = EndpointModel(model.settings)
    probe.form = form
    try:
        return (await paid(probe).complete(_PROBE)).text.strip() == _WORD
    except (ModelBusy, ModelUnusable):
        raise
    except ModelError:
        return False
    finally:
        await asyncio.shield(probe.aclose())
