"""Do a model's actions on a page; what cannot be done is told, with what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from playwright.async_api import Error as PlaywrightError

from agentjit.errors import OriginRefused, RunError, UsageError
from agentjit.ports import Clock
from agentjit.runtime.allowed import Allowed, read_origin, read_origins
from agentjit.runtime.guarding import Interrupted, guarded
from agentjit.stepping.actions import Click, Goto, Press, Scroll, Select, Type
from agentjit.stepping.telling import cut
from agentjit.stepping.traffic import Traffic

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

#: What is done in the browser.
Deed = Click | Type | Select | Press | Scroll | Goto

#: Milliseconds that an element may take to be ready for an action, and an address to answer.
READY_MS: Final = 4_000
GOTO_MS: Final = 20_000
#: Seconds after which one action is given up, whatever holds it.
ACT_SECONDS: Final = 25.0
#: Characters of what the browser says of an action that failed.
TOLD_CHARS: Final = 240


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one action: whether it was done, what to tell, and whether the page is new."""

    done: bool
    told: str
    #: Refs of the snapshot before may lead nowhere now.
    moved: bool = False


@dataclass(slots=True)
class Hands:
    """Acts on one page, and waits until it has come to rest."""

    page: Page
    clock: Clock
    traffic: Traffic
    #: Where the page may be sent; None for the origin on which it stands.
    origins: Allowed | None = None

    def __post_init__(self) -> None:
        if self.origins is None and urlsplit(self.page.url).scheme in ("http", "https"):
            self.origins = read_origins((self.page.url,))

    async def act(self, deed: Deed, *, rest: bool) -> Tried:
        """Try it. With `rest` the page is waited for; where nothing but text was typed, more may
        follow at once. Raises BrowserError and SiteUnreachable.
        """
        before = self.traffic.arrivals
        try:
            told = await guarded(
                lambda: self._do(deed), self.page.context, "the action", seconds=ACT_SECONDS
            )
        except Interrupted as error:
            why = error.message.removeprefix("the action failed in the browser: ")
            return Tried(False, cut(why, TOLD_CHARS), await self._settled(before))
        except OriginRefused as error:
            return Tried(False, error.message, await self._settled(before))
        except _Impossible as error:
            return Tried(False, error.message)
        if rest:
            await self.traffic.rest(self.clock)
        if self.traffic.arrivals > before:
            return Tried(True, f"{told}; the page is now {self.page.url}", True)
        return Tried(True, told)

    async def _settled(self, before: int) -> bool:
        await self.traffic.rest(self.clock)
        return self.traffic.arrivals > before

    async def _do(self, deed: Deed) -> str:
        match deed:
            case Click(ref):
                await (await self._find(ref)).click(timeout=READY_MS)
                return "clicked"
            case Type(ref, text, enter):
                place = await self._find(ref)
                await place.fill(text, timeout=READY_MS)
                if enter:
                    await place.press("Enter", timeout=READY_MS)
                return "typed, and pressed Enter" if enter else "typed"
            case Select(ref, option):
                await self._select(await self._find(ref), option)
                return "selected"
            case Press(key, ref):
                if ref is None:
                    await self.page.keyboard.press(key)
                else:
                    await (await self._find(ref)).press(key, timeout=READY_MS)
                return "pressed"
            case Scroll("up" | "down" as way):
                await self.page.evaluate(_SCROLL, 1 if way == "down" else -1)
                return "scrolled"
            case Scroll(ref):
                await (await self._find(ref)).scroll_into_view_if_needed(timeout=READY_MS)
                return "scrolled"
            case Goto(url):
                await self._goto(url)
                return "gone there"

    async def _find(self, ref: str) -> Locator:
        place = self.page.locator(f"aria-ref={ref}")
        try:
            found = await place.count()
        except PlaywrightError as error:
            if "aria-ref" not in error.message:
                raise
            found = 0
        if not found:
            raise _Impossible(f"{ref} is not on the page any more: look at the page as it is now")
        return place

    async def _select(self, place: Locator, option: str) -> None:
        """By the label or the value, as a person reads it."""
        offered: list[list[str]] | None = await place.evaluate(_OPTIONS)
        if offered is None:
            raise _Impossible("this is no list of options: click it, and then what it shows")
        wanted = " ".join(option.casefold().split())
        for exact in (True, False):
            for number, names in enumerate(offered):
                plain = [" ".join(name.casefold().split()) for name in names]
                if wanted in plain if exact else any(wanted in name for name in plain):
                    await place.select_option(index=number, timeout=READY_MS)
                    return
        known = ", ".join(repr(names[0]) for names in offered[:20])
        raise _Impossible(f"there is no option {option!r}; there are: {known}")

    async def _goto(self, url: str) -> None:
        address = urljoin(self.page.url, url)
        if not self._admits(address):
            raise _Impossible(f"{url!r:.120} is not an address of this site: nothing was done")
        await self.page.goto(address, wait_until="domcontentloaded", timeout=GOTO_MS)

    def _admits(self, address: str) -> bool:
        if urlsplit(address).scheme not in ("http", "https") or self.origins is None:
            return False
        try:
            place = read_origin(address)
        except UsageError:
            return False
        return self.origins.admits(place.host, place.port)


class _Impossible(RunError):
    """An action that cannot be done here; the message is for the model."""


_SCROLL: Final = "way => window.scrollBy(0, way * 0.8 * window.innerHeight)"
_OPTIONS: Final = """list => list.tagName !== "SELECT" ? null
  : [...list.options].map(option => [option.label, option.value])"""
