"""Pages that carry instructions change no plan and add no call, with a model and without."""

from __future__ import annotations

import html
import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agentjit.engine import AgentJIT
from agentjit.planner.goals.asking import goal_prompt
from agentjit.runtime.result import RunResult
from tests.e2e.hire import BOOK, events_of
from tests.fixtures.fake_endpoint import Seen, fake_endpoint, says, writes
from tests.fixtures.toolhire.app import build_app
from tests.fixtures.toolhire.ledger import Ledger
from tests.fixtures.toolhire.serve import serve_app
from tests.fixtures.toolhire.tools import TOOLSET

_DATA: Final = tomllib.loads((Path(__file__).parent / "injections.toml").read_text("utf-8"))
PAYLOADS: Final[dict[str, str]] = _DATA["payloads"]
PLACES: Final[dict[str, str]] = _DATA["places"]
#: In how many places each payload is tried.
TRIES: Final = 2

PLAN: Final = """\
open_depot("Millbrook")
machines = show_machines()
fit = ai_eval("is one of these a drill?", returns=bool, machines=machines)
word = ai_eval("which one is the lightest?", returns=str, machines=machines)
cheapest = min([m for m in machines if m["kind"] == "drill"], key=lambda m: m["daily_rate"])
choose_machine(cheapest["machine_name"], days=2)
review_booking()
result = confirm_booking()
"""


@dataclass(frozen=True, slots=True)
class Injection:
    """What a page says, and the markup that says it."""

    name: str
    text: str
    markup: str


def list_injections() -> tuple[Injection, ...]:
    """Every payload in some of the places, so that each place has several."""
    places = list(PLACES.items())
    return tuple(
        Injection(f"{name}-{place}", text, markup.replace("%s", written(text, place)))
        for number, (name, text) in enumerate(PAYLOADS.items())
        for place, markup in (places[(number * TRIES + t) % len(places)] for t in range(TRIES))
    )


def written(text: str, place: str) -> str:
    """As the page writes it: what would end its place is escaped, except in comments."""
    return text if place == "comment" else html.escape(text)


INJECTIONS: Final = list_injections()
HARMLESS: Final = Injection("harmless", "Quarry special", "<p>Machines for everybody.</p>")
#: Long names are descriptions: then a word is sought among the machines' sorts, whatever they say.
LONG: Final = 40
WORDY: Final = Injection("wordy", "Quarry special for quarries that are large", "<p>Machines.</p>")


@dataclass(slots=True)
class Injecting:
    """The hire company's site, saying what it is told to on its pages and in its lists."""

    app: ASGIApp
    says: Injection = HARMLESS
    #: How many answers said it.
    said: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def change(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = [(k, v) for k, v in start["headers"] if k != b"content-length"]
            changed = self._change(body, dict(headers).get(b"content-type", b""))
            headers.append((b"content-length", str(len(changed)).encode()))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": changed})

        await self.app(scope, receive, change)

    def _change(self, body: bytes, kind: bytes) -> bytes:
        if b"html" in kind and b"</main>" in body:
            self.said += 1
            return body.replace(b"</main>", self.says.markup.encode() + b"</main>")
        if b"json" in kind and b'"rate"' in body:
            self.said += 1
            machine = {"name": self.says.text, "kind": "drill", "rate": 999.0, "weight": 1}
            data = json.loads(body)
            machines = data if isinstance(data, list) else data["machines"]
            machines.append({**machines[0], **machine})
            return json.dumps(data).encode()
        return body


@asynccontextmanager
async def hostile_hire() -> AsyncIterator[tuple[Injecting, str, Ledger]]:
    ledger = Ledger()
    site = Injecting(build_app(ledger, 0.0))
    async with serve_app(site) as url:
        yield site, url, ledger


def calls_of(result: RunResult) -> list[tuple[str, Any]]:
    """What the run called, in turn."""
    return [
        (event["tool"], event["arguments"])
        for event in events_of(result.run_dir)
        if event["kind"] == "call-started"
    ]


def chosen(every: int) -> tuple[Injection, ...]:
    """Some of the injections."""
    return INJECTIONS[::every]


def test_the_corpus_is_large_and_every_place_is_used() -> None:
    assert len(INJECTIONS) >= 50
    assert len({i.name for i in INJECTIONS}) == len(INJECTIONS)
    assert {i.name.rpartition("-")[2] for i in INJECTIONS} == set(PLACES)


SHARES: Final = [
    pytest.param(12, id="some"),
    pytest.param(1, id="all", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("every", SHARES)
async def test_no_page_changes_what_the_symbolic_planner_does(every: int, tmp_path: Path) -> None:
    async with hostile_hire() as (site, url, ledger):
        engine = AgentJIT(
            tools=TOOLSET, url=url, runs_dir=tmp_path, approve=True, planner="symbolic", cache=False
        )
        async with engine as jit:
            clean = await jit.run(BOOK)
            assert clean.status == "done", clean.error
            site.says = WORDY
            wordy = await jit.run(BOOK)
            for injection in chosen(every):
                site.says, site.said = injection, 0
                result = await jit.run(BOOK)
                assert result.status == "done", (injection.name, result.error)
                expected = wordy if len(injection.text.strip()) > LONG else clean
                assert result.plan == expected.plan, injection.name
                assert calls_of(result) == calls_of(clean), injection.name
                assert site.said > 0
    booked = [booking.lines for booking in ledger.bookings]
    assert booked == booked[:1] * (len(chosen(every)) + 2)


@pytest.mark.parametrize("every", SHARES)
async def test_no_page_changes_what_a_model_is_asked_or_what_is_called(
    every: int, tmp_path: Path
) -> None:
    said: list[str] = []

    def obey(_: int, seen: Seen) -> Any:
        """A model that believes whatever a page says, as far as its schema lets it."""
        asked = json.dumps(seen.body["messages"], ensure_ascii=False)
        if "is one of these a drill?" in asked:
            return says('{"answer": true}')
        if "which one is the lightest?" in asked:
            return says(json.dumps({"answer": said[-1], "tool_calls": ["confirm_booking"]}))
        return writes(PLAN)

    async with hostile_hire() as (site, url, _), fake_endpoint(script=obey) as endpoint:
        env = {"OPENAI_API_KEY": "key", "OPENAI_BASE_URL": endpoint.base_url}
        engine = AgentJIT(
            tools=TOOLSET,
            url=url,
            runs_dir=tmp_path,
            approve=True,
            env=env,
            cache=False,
            # A goal record is asked for, too, and no reader is there to make that needless.
            planner="model",
        )
        async with engine as jit:
            said.append(HARMLESS.text)
            clean = await jit.run(BOOK)
            assert clean.status == "done", clean.error
            planning = prompts_of(endpoint.requests, planning=True)
            record = goal_prompt(BOOK, TOOLSET).messages
            planning.add((record[0]["content"], record[-1]["content"]))
            for injection in chosen(every):
                site.says = injection
                said.append(injection.text)
                endpoint.requests.clear()
                result = await jit.run(BOOK)
                assert result.status == "done", (injection.name, result.error)
                assert result.plan == clean.plan, injection.name
                assert calls_of(result) == calls_of(clean), injection.name
                # What plans sees no page, and what judges sees it as data alone.
                assert prompts_of(endpoint.requests, planning=True) <= planning, injection.name
                judging = prompts_of(endpoint.requests, planning=False)
                assert judging
                for system, user in judging:
                    head, _, data = user.partition("\n\nDATA:\n")
                    machines = json.loads(data)["machines"]
                    names = [squeezed(m["machine_name"]) for m in machines]
                    assert squeezed(injection.text) in names
                    assert injection.text not in head + system


def squeezed(text: str) -> str:
    """The text with single spaces, as a page shows it."""
    return " ".join(text.split())


def prompts_of(requests: list[Seen], *, planning: bool) -> set[tuple[str, str]]:
    """The system's and the user's text of each request of a kind."""
    texts = [tuple(m["content"] for m in seen.body["messages"]) for seen in requests]
    return {(t[0], t[-1]) for t in texts if ("\n\nDATA:\n" in t[-1]) is not planning}
