"""Sessions over HTTP: a cookie is a customer; seed and latency come by query; all can be reset."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from agentjit.sites import load_site
from agentjit.sites.common.application import sessions_of
from agentjit.sites.common.settings import make_settings

SOUP = {"store": "rt-rotisserie", "item": "112", "quantity": 1, "options": []}


@pytest.fixture
def app() -> Starlette:
    return load_site("dashdish").create_app(make_settings())


@pytest.fixture
def customer(app: Starlette) -> Callable[[], TestClient]:
    return lambda: TestClient(app)


def test_each_customer_has_an_own_record(customer: Callable[[], TestClient]) -> None:
    ann, bob = customer(), customer()
    assert ann.post("/cart/add", json=SOUP).status_code == 200
    assert len(ann.get("/finish").json()["differences"]["cartItems"]["added"]) == 1
    assert bob.get("/finish").json()["differences"]["cartItems"]["added"] == {}
    sessions = ann.get("/truth").json()["sessions"]
    assert sorted(s["changes"] for s in sessions) == [0, 1]


def test_a_query_seeds_an_untouched_session_and_no_other(
    app: Starlette, customer: Callable[[], TestClient]
) -> None:
    ann = customer()
    ann.get("/?seed=5&latency=constant:0")
    (session,) = sessions_of(app)
    assert session.seed == 5
    ann.post("/cart/add", json=SOUP)
    ann.get("/?seed=6")
    assert session.seed == 5
    assert session.changes == 1


def test_config_starts_the_session_anew_with_the_seed(
    app: Starlette, customer: Callable[[], TestClient]
) -> None:
    ann = customer()
    ann.post("/cart/add", json=SOUP)
    answer = ann.get("/config?run_id=0&task_id=dashdish-1&latency=0&seed=3")
    assert (answer.json()["seed"], answer.json()["latency"]) == (3, "0")
    (session,) = sessions_of(app)
    assert session.untouched
    assert ann.get("/finish").json()["differences"]["cartItems"]["added"] == {}


def test_config_without_a_seed_keeps_what_was_done(customer: Callable[[], TestClient]) -> None:
    ann = customer()
    ann.post("/cart/add", json=SOUP)
    ann.get("/config?latency=0")
    assert len(ann.get("/finish").json()["differences"]["cartItems"]["added"]) == 1


def test_reset_is_for_one_session_or_for_all(customer: Callable[[], TestClient]) -> None:
    ann, bob = customer(), customer()
    for each in (ann, bob):
        each.post("/cart/add", json=SOUP)
    ann.post("/reset")
    assert ann.get("/finish").json()["finalstate"]["cart"]["cartItems"] == []
    assert len(bob.get("/finish").json()["finalstate"]["cart"]["cartItems"]) == 1
    ann.post("/reset?all=1")
    assert bob.get("/finish").json()["finalstate"]["cart"]["cartItems"] == []


@pytest.mark.parametrize("url", ["/?seed=x", "/?latency=soon", "/config?seed=-1"])
def test_a_setting_without_meaning_is_a_bad_request(
    url: str, customer: Callable[[], TestClient]
) -> None:
    answer = customer().get(url)
    assert answer.status_code == 400
    assert "seed" in answer.text or "latency" in answer.text


def test_answers_wait_and_the_referee_does_not(
    app: Starlette, customer: Callable[[], TestClient]
) -> None:
    ann = customer()
    ann.post("/cart/add", json=SOUP)
    ann.get("/config?latency=0.15")
    (session,) = sessions_of(app)
    before = session.answers
    for path in ("/finish", "/truth", "/static/app.js", "/static/common/late.js"):
        assert ann.get(path).status_code == 200
    # What is not counted is not delayed.
    assert session.answers == before
    assert _seconds(ann, "/orders") >= 0.15
    ann.get("/config?latency=60")
    assert _seconds(ann, "/orders?latency=0") < 60


def test_an_answer_takes_as_long_whatever_else_is_asked_for(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("agentjit.sites.common.middleware.asyncio.sleep", wait)

    def waits(*paths: str) -> list[float]:
        customer = TestClient(app)
        customer.get("/cart?latency=lognormal:0.3")
        waited.clear()
        for path in paths:
            customer.get(path)
        return waited.copy()

    home, first, again = waits("/", "/orders", "/orders")
    assert waits("/orders", "/cart", "/orders", "/")[::2] == [first, again]
    assert waits("/cart", "/")[1] == home
    assert first != again


def test_a_latency_asked_for_at_the_start_stays(app: Starlette) -> None:
    TestClient(app).get("/orders?latency=0.01")
    (session,) = sessions_of(app)
    assert str(session.settings.latency) == "0.01"


def _seconds(customer: TestClient, url: str) -> float:
    started = time.perf_counter()
    assert customer.get(url).status_code == 200
    return time.perf_counter() - started
