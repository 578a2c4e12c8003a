"""One call, contract observed: each part that can go wrong has an error of its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError

from agentjit.errors import (
    AgentjitError,
    BrowserError,
    ContractBroken,
    SiteUnreachable,
    ToolError,
    ValueRejected,
)
from agentjit.runtime import calling
from agentjit.runtime.calling import complete_arguments
from agentjit.runtime.guarding import Interrupted
from agentjit.toolspecs import Effect, tool
from tests.runtime.pretend import (
    NAVIGATED,
    TOOLSET,
    PretendPage,
    VirtualClock,
    caller,
    goto_shop,
    pick,
    shop_page,
    show_price,
    with_tool,
)


async def call(
    tool: Any, page: PretendPage, clock: VirtualClock | None = None, **given: Any
) -> Any:
    """Call as the runtime does; the page only has what the runtime needs of one."""
    return await caller(clock, with_tool(tool)).call(tool, page, given)  # type: ignore[arg-type]


async def going(page: PretendPage) -> None:
    page.state["screen"] = "shop"


async def picking(page: PretendPage, name: str, count: int) -> None:
    page.state |= {"item": name, "cart": "full"}


async def test_a_call_reports_what_was_seen_before_and_after() -> None:
    page = PretendPage({"screen": "home"}, {"goto_shop": going})
    report = await call(goto_shop, page)
    assert (report.before, report.after) == ({"screen": "home"}, {"screen": "shop"})
    assert report.drift == ()
    assert page.looks == 2


async def test_a_postcondition_that_comes_late_is_waited_for_and_counted_as_checking() -> None:
    page = PretendPage({"screen": "home"})
    clock = VirtualClock(at={3.0: lambda: page.state.update(screen="shop")})
    report = await call(goto_shop, page, clock)
    assert report.after == {"screen": "shop"}
    assert 3.0 <= report.checking == report.seconds < 3.3


async def test_a_precondition_that_comes_late_is_waited_for() -> None:
    page = PretendPage({"screen": "other"}, {"goto_shop": going})
    clock = VirtualClock(at={1.0: lambda: page.state.update(screen="home")})
    assert (await call(goto_shop, page, clock)).before == {"screen": "home"}


async def test_a_broken_precondition_is_told_before_anything_is_done() -> None:
    page = PretendPage({"screen": "paid"})
    with pytest.raises(ContractBroken) as caught:
        await call(goto_shop, page)
    assert caught.value.message == (
        "goto_shop() requires `screen == 'home'`, but on the page screen is 'paid'"
    )
    assert caught.value.hint
    assert page.done == []


async def test_a_broken_postcondition_names_the_argument_it_is_about() -> None:
    async def wrong(page: PretendPage, name: str, count: int) -> None:
        page.state |= {"item": "coffee", "cart": "full"}

    with pytest.raises(ContractBroken) as caught:
        await call(pick, shop_page(pick=wrong), name="tea")
    assert "ensures `item == $name` ($name is 'tea'), but on the page item is 'coffee'" in (
        caught.value.message
    )


async def test_a_page_in_navigation_is_looked_at_again() -> None:
    page = PretendPage({"screen": "home"}, {"goto_shop": going}, blinks=[NAVIGATED, NAVIGATED])
    report = await call(goto_shop, page)
    assert report.before == {"screen": "home"}
    assert page.looks == 4


async def test_what_changes_beside_the_contract_is_drift() -> None:
    async def stray(page: PretendPage) -> None:
        page.state |= {"screen": "shop", "item": "tea", "cart": "full"}

    page = PretendPage({"screen": "home", "item": None, "cart": "empty"}, {"goto_shop": stray})
    assert (await call(goto_shop, page)).drift == ("cart", "item")


async def test_what_could_be_seen_on_one_side_only_is_no_drift() -> None:
    async def more(page: PretendPage) -> None:
        page.state = {"screen": "shop", "cart": "full"}

    page = PretendPage({"screen": "home", "item": "tea"}, {"goto_shop": more})
    assert (await call(goto_shop, page)).drift == ()


async def test_a_price_that_is_not_a_number_is_rejected_with_its_path() -> None:
    async def words(page: PretendPage) -> Any:
        return {"item": "tea", "price": "$3.50"}

    with pytest.raises(ValueRejected) as caught:
        await call(show_price, shop_page(show_price=words))
    assert caught.value.message == (
        "the result of show_price()['price'] should be float, not '$3.50'"
    )
    assert caught.value.hint


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (None, "should be Price"),
        ({"item": "tea"}, "lacks the key 'price'"),
        ({"item": "tea", "price": float("nan")}, "['price'] should be float"),
        ({"item": "tea", "price": True}, "['price'] should be float"),
        ({"item": "tea", "price": 1, "tax": 2}, "has the key 'tax'"),
    ],
)
async def test_a_result_of_another_shape_is_rejected(result: Any, said: str) -> None:
    async def shown(page: PretendPage) -> Any:
        return result

    with pytest.raises(ValueRejected) as caught:
        await call(show_price, shop_page(show_price=shown))
    assert said in caught.value.message


async def forever(page: PretendPage, **_: Any) -> None:
    await asyncio.Event().wait()


async def test_a_body_has_its_time_and_no_more() -> None:
    with pytest.raises(Interrupted, match=r"pick\(\) took longer than 0.01 s"):
        await call(replace(pick, timeout=0.01), shop_page(pick=forever), name="tea")


async def test_a_bodys_own_refusal_passes_as_it_is() -> None:
    refusal = ToolError("sold out", "take coffee")

    async def refuse(page: PretendPage, **_: Any) -> None:
        raise refusal

    with pytest.raises(ToolError) as caught:
        await call(pick, shop_page(pick=refuse), name="tea")
    assert caught.value is refusal


@pytest.mark.parametrize(
    ("raised", "error", "said"),
    [
        (KeyError("price"), Interrupted, "pick() raised KeyError: 'price'"),
        (ZeroDivisionError("x"), Interrupted, "pick() raised ZeroDivisionError: x"),
        (TimeoutError(), Interrupted, "pick() took longer than 10 s"),
        (
            PlaywrightError("Locator.click: Timeout 3000ms exceeded.\nCall log:\n  - waiting"),
            Interrupted,
            "pick() failed in the browser: Locator.click: Timeout 3000ms exceeded.",
        ),
        (
            PlaywrightError("Page.goto: net::ERR_CONNECTION_REFUSED at http://x/"),
            SiteUnreachable,
            "the site does not answer",
        ),
        (
            PlaywrightError("Page.click: Target page, context or browser has been closed"),
            BrowserError,
            "the tab was closed during pick()",
        ),
        (PlaywrightError("Page.click: Page crashed"), BrowserError, "the tab crashed during"),
    ],
)
async def test_whatever_a_body_raises_becomes_one_clear_error(
    raised: Exception, error: type[AgentjitError], said: str
) -> None:
    async def fail(page: PretendPage, **_: Any) -> None:
        raise raised

    with pytest.raises(error) as caught:
        await call(pick, shop_page(pick=fail), name="tea")
    assert said in caught.value.message
    assert caught.value.exit_code == 1
    assert caught.value.__cause__ is raised


async def test_a_browser_that_is_gone_is_told_from_a_tab_that_is() -> None:
    page = shop_page()

    async def die(page: PretendPage, **_: Any) -> None:
        page.context.browser.connected = False
        raise PlaywrightError("Page.click: Target page, context or browser has been closed")

    page.acts["pick"] = die
    with pytest.raises(BrowserError, match=r"the browser went away during pick\(\)"):
        await call(pick, page, name="tea")


async def test_cancelling_a_call_is_not_an_error_of_the_tool() -> None:
    running = asyncio.ensure_future(call(pick, shop_page(pick=forever), name="tea"))
    for _ in range(5):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize("raised", [KeyError("x"), ToolError("cannot look"), TypeError("x")])
async def test_an_observe_that_raises_is_an_error_of_the_toolset(raised: Exception) -> None:
    page = PretendPage({"screen": "home"}, blinks=[raised])
    with pytest.raises(Interrupted, match=r"observe\(\)"):
        await call(goto_shop, page)


async def test_a_look_at_a_page_that_hangs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(page: Any) -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(calling, "LOOK_SECONDS", 0.01)
    with pytest.raises(Interrupted, match=r"observe\(\) took longer than 0.01 s"):
        await caller(toolset=replace(TOOLSET, observe=hang)).look(PretendPage({}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (None, "observe() returned None"),
        ({"scren": "home"}, "reports `scren`, which is no state variable"),
        ({"screen": "garden"}, "reports that screen is 'garden'"),
        ({"item": ["tea"]}, "reports that item is ['tea']"),
        ({"item": 3}, "reports that item is 3"),
    ],
)
async def test_an_observe_that_leaves_the_state_model_is_rejected(state: Any, said: str) -> None:
    async def see(page: Any) -> Any:
        return state

    with pytest.raises(ValueRejected) as caught:
        await caller(toolset=replace(TOOLSET, observe=see)).look(PretendPage({}))  # type: ignore[arg-type]
    assert said in caught.value.message


async def test_ready_and_done_are_waited_for() -> None:
    clock = VirtualClock()
    moments: list[tuple[str, float]] = []

    async def ready(page: Any, **_: Any) -> bool:
        return clock.now() >= 1.0

    async def done(page: Any, **_: Any) -> bool:
        return clock.now() >= 2.0

    async def note(page: PretendPage, name: str, count: int) -> None:
        moments.append((name, clock.now()))
        await picking(page, name, count)

    report = await call(
        replace(pick, ready=ready, done=done), shop_page(pick=note), clock, name="milk"
    )
    ((name, moment),) = moments
    assert name == "milk"
    assert 1.0 <= moment < 2.0 <= clock.now() < 2.3
    assert report.after["item"] == "milk"


@pytest.mark.parametrize("which", ["ready", "done"])
async def test_a_predicate_that_never_comes_true_breaks_the_contract(which: str) -> None:
    async def never(page: Any, **_: Any) -> bool:
        return False

    page = shop_page(pick=picking)
    changed = replace(pick, ready=never) if which == "ready" else replace(pick, done=never)
    with pytest.raises(
        ContractBroken, match=f"pick.*`{which}` check did not come true within 10 s"
    ):
        await call(changed, page, name="tea")
    assert page.done == ([] if which == "ready" else ["pick"])


@pytest.mark.parametrize("raised", [KeyError("x"), PlaywrightError("boom"), ToolError("no")])
async def test_a_predicate_that_raises_is_an_error_of_the_toolset(raised: Exception) -> None:
    async def broken(page: Any, **_: Any) -> bool:
        raise raised

    with pytest.raises(Interrupted, match="`ready` check"):
        await call(replace(pick, ready=broken), shop_page(), name="tea")


def test_arguments_are_completed_with_defaults() -> None:
    assert complete_arguments(pick, {"name": "tea"}) == {"name": "tea", "count": 1}
    assert complete_arguments(pick, {"count": 2, "name": "tea"}) == {"name": "tea", "count": 2}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "pick() lacks its argument `name`"),
        ({"name": 3}, "the argument `name` of pick() should be str, not 3"),
        ({"name": "tea", "count": "two"}, "the argument `count` of pick() should be int"),
        ({"name": "tea", "count": True}, "the argument `count` of pick() should be int"),
        ({"name": "tea", "colour": "red"}, "pick() has no argument `colour`"),
    ],
)
def test_wrong_arguments_are_rejected_with_the_signature(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueRejected) as caught:
        complete_arguments(pick, given)
    assert said in caught.value.message
    assert caught.value.hint == "the signature is pick(name: str, count: int = 1) -> None"


async def test_wrong_arguments_are_told_before_the_page_is_looked_at() -> None:
    page = shop_page()
    with pytest.raises(ValueRejected):
        await call(pick, page, name=None)
    assert (page.looks, page.done) == (0, [])


async def test_a_state_variable_is_given_no_value_that_it_cannot_have() -> None:
    @tool(ensures="screen == $name", effect=Effect.NAVIGATE)
    async def show(page: Any, name: str) -> None:
        """Show a screen."""
        await page.act("show", name=name)

    done: list[str] = []

    async def showing(page: PretendPage, name: str) -> None:
        done.append(name)
        page.state["screen"] = name.lower()

    page = PretendPage({"screen": "home"}, {"show": showing})
    with pytest.raises(ValueRejected, match=r"`name` of show\(\) is 'attic', and screen is 'home'"):
        await call(show, page, name="attic")
    assert done == []
