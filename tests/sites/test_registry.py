"""What holds for every bundled site, whichever it is; and how the registry names them."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from agentjit.errors import UsageError
from agentjit.sites import load_site, site_names
from agentjit.sites.common.application import sessions_of
from agentjit.sites.common.faulting import EXPIRED
from agentjit.sites.common.settings import make_settings
from agentjit.toolspecs import lint

NOTHING: dict[str, Any] = {"added": {}, "deleted": {}, "updated": {}}


@pytest.fixture(params=site_names())
def app(request: pytest.FixtureRequest) -> Starlette:
    return load_site(request.param).create_app(make_settings(today="2026-03-02"))


@pytest.fixture
def visitor(app: Starlette) -> TestClient:
    return TestClient(app)


def _html(visitor: TestClient, path: str, **options: Any) -> str:
    answer = visitor.get(path, **options)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    text = answer.text
    assert re.match(r"\s*<!doctype html>", text, re.IGNORECASE)
    assert text.rstrip().endswith("</html>")
    assert text.count("</body>") == 1
    return text


@pytest.mark.parametrize("name", site_names())
def test_every_site_has_an_application_and_a_clean_toolset(name: str) -> None:
    site = load_site(name)
    assert site.name == name
    assert site.toolset.name == name
    assert lint(site.toolset) == ()


def test_looking_changes_nothing(visitor: TestClient) -> None:
    _html(visitor, "/")
    (session,) = visitor.get("/truth").json()["sessions"]
    assert (session["seed"], session["changes"]) == (0, 0)
    record = visitor.get("/finish").json()
    assert {key: session[key] for key in record} == record
    assert record["initialstate"] == record["finalstate"]
    assert record["initialfinaldiff"] == NOTHING
    # A site's evaluators may read lists there.
    assert not any(any(difference.values()) for difference in record["differences"].values())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("layout", ["a", "b"])
def test_every_seed_and_layout_has_a_first_page(app: Starlette, seed: int, layout: str) -> None:
    first = _html(TestClient(app), f"/?seed={seed}&layout={layout}")
    assert first.count("{{") == 0
    assert f'data-layout="{layout}"' in first
    # The same seed is the same site.
    assert _plain(_html(TestClient(app), f"/?seed={seed}&layout={layout}")) == _plain(first)


def test_the_layouts_are_built_differently(app: Starlette) -> None:
    ann, bob = TestClient(app), TestClient(app)
    assert _tags(_html(ann, "/")) != _tags(_html(bob, "/?layout=b"))
    # What is asked for once is kept, and a part comes in the layout of its page.
    assert 'data-layout="b"' in _html(bob, "/")
    assert 'data-layout="a"' in _html(bob, "/", headers={"x-layout": "a"})
    assert bob.get("/?layout=z").status_code == 400


def test_a_missing_page_is_a_page_in_both_layouts(visitor: TestClient) -> None:
    for layout in "ab":
        answer = visitor.get(f"/no/such/page/at/all?layout={layout}")
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")


def test_no_page_asks_anything_of_another_host(visitor: TestClient) -> None:
    for layout in "ab":
        text = _html(visitor, f"/?layout={layout}")
        for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
            answer = visitor.get(path)
            assert answer.status_code == 200, path
            text += answer.text
        assert re.findall(r"https?://(?!www\.w3\.org/)[\w.]+", text) == []


def test_an_error_comes_when_it_is_due_and_no_other_time(visitor: TestClient) -> None:
    statuses = [visitor.get(path).status_code for path in ("/?faults=error@2", "/", "/")]
    assert statuses == [200, 500, 200]
    assert visitor.get("/?fault=error").status_code == 500
    assert visitor.get("/").status_code == 200


def test_a_lost_answer_is_none(visitor: TestClient) -> None:
    _html(visitor, "/?faults=lost@2")
    with pytest.raises(ConnectionResetError):
        visitor.get("/")
    assert visitor.get("/").status_code == 200


def test_a_slow_answer_comes(visitor: TestClient) -> None:
    visitor.get("/")
    assert visitor.get("/?fault=slow@*x0.2").elapsed.total_seconds() >= 0.2


def test_one_page_comes_in_the_other_layout(visitor: TestClient) -> None:
    pages = [_html(visitor, path) for path in ("/?faults=layout@2", "/", "/")]
    assert [re.findall('data-layout="(.)"', page)[0] for page in pages] == ["a", "b", "a"]


def test_an_expired_session_is_taken_up_again_where_it_was(
    app: Starlette, visitor: TestClient
) -> None:
    _html(visitor, "/?faults=expire@2")
    (session,) = sessions_of(app)
    answer = visitor.get("/?page=1")
    assert answer.url.path == EXPIRED
    assert "expired" in answer.text
    assert visitor.get("/", headers={"sec-fetch-mode": "cors"}).status_code == 401
    assert visitor.get("/").url.path == EXPIRED
    (action,) = re.findall(r'action="([^"]+)"', answer.text)
    assert visitor.post(action).url.path == "/"
    assert _html(visitor, "/")
    assert session.changes == 0


def test_nobody_is_sent_elsewhere_after_signing_in(visitor: TestClient) -> None:
    visitor.get("/")
    for there in ("//example.org/", "http://example.org/"):
        answer = visitor.post(EXPIRED, params={"next": there}, follow_redirects=False)
        assert answer.headers["location"] == "/"


def test_a_dialog_lies_over_one_page(visitor: TestClient) -> None:
    pages = [_html(visitor, path) for path in ("/?faults=modal@2", "/", "/")]
    assert ["in-the-way" in page for page in pages] == [False, True, False]


def test_faults_come_again_after_a_reset(visitor: TestClient) -> None:
    visitor.get("/config?faults=error@1")
    for _ in range(2):
        assert [visitor.get("/").status_code for _ in range(2)] == [500, 200]
        visitor.post("/reset")


def test_the_referee_is_never_hit(visitor: TestClient) -> None:
    visitor.get("/config?faults=error,expire,lost")
    for path in ("/finish", "/truth", "/config?faults=none"):
        assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("url", ["/?faults=bang", "/?fault=bang", "/config?faults=bang"])
def test_faults_without_meaning_are_a_bad_request(visitor: TestClient, url: str) -> None:
    answer = visitor.get(url)
    assert answer.status_code == 400
    assert "bang" in answer.text


def test_an_unknown_site_is_a_usage_error_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="dashdsh") as caught:
        load_site("dashdsh")
    assert "dashdish" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        load_site("zzz")
    assert "dashdish" in caught.value.hint


def test_the_registry_loads_no_web_server_and_no_browser() -> None:
    script = (
        "import sys, agentjit.sites as s; [s.load_site(n).toolset for n in s.site_names()]; "
        "print([m for m in ('starlette', 'uvicorn', 'jinja2', 'playwright') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def _tags(text: str) -> list[str]:
    """What a page is built of."""
    return re.findall(r'<[a-z]+[1-6]?|class="[^"]*"', text)


def _plain(text: str) -> str:
    """A page without what is drawn anew for each session."""
    return re.sub(r"token-[\w-]+", "", text)
