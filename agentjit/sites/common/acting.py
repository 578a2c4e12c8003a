"""How tools reach into a page: one named function of a site's page scripts, one evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from agentjit.errors import ToolError

if TYPE_CHECKING:
    from playwright.async_api import Page

#: So many names fit into a hint.
_FEW: Final = 12

_COMMON: Final = "agentjit.sites.common"


@dataclass(frozen=True, slots=True)
class PageScripts:
    """The scripts that a site's tools run in its pages: files of its package, in this order.

    They begin with `common/in_page.js`, whose functions they use.
    """

    package: str
    names: tuple[str, ...]

    async def act(self, page: Page, function: str, argument: Any = None) -> Any:
        """Run a function of the scripts, with one JSON argument; ToolError when it gives up.

        A dialog that asks for consent or for an opinion is put out of the way first.
        """
        answer = await page.evaluate(_script(self, function), argument)
        if "error" in answer:
            raise ToolError(answer["error"], "the page is not as the tool expects it to be")
        return answer.get("value")


async def arrive(page: Page, *paths: str) -> None:
    """Wait until the tab is at an address whose path begins with one of these, and can be used."""
    await page.wait_for_url(
        lambda url: urlsplit(url).path.startswith(paths), wait_until="domcontentloaded"
    )


async def open_path(page: Page, path: str) -> None:
    """Go to a path of the site that the tab is on."""
    here = urlsplit(page.url)
    if here.scheme not in ("http", "https"):
        raise ToolError("this tab is on no site", "open the site's address first")
    await page.goto(f"{here.scheme}://{here.netloc}{path}", wait_until="domcontentloaded")


def no_such(kind: str, name: str, names: Iterable[str]) -> ToolError:
    """The error for a name that is not there, with those that come near it."""
    folded = {each.casefold(): each for each in names}
    near = [folded[n] for n in get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)]
    # Few names are all shown; of many, those that come near.
    shown = list(folded.values()) if len(folded) <= _FEW else near
    hint = (
        f"there are: {', '.join(map(repr, shown))}" if shown else f"there are {len(folded)} others"
    )
    return ToolError(f"there is no {kind} {name!r}", hint)


@cache
def _script(scripts: PageScripts, function: str) -> str:
    sources = [files(_COMMON) / "in_page.js", *(files(scripts.package) / n for n in scripts.names)]
    source = "\n".join(each.read_text("utf-8") for each in sources)
    return f"""async (argument) => {{
{source}
try {{ clearTheWay(); return {{ value: await {function}(argument) }}; }}
catch (problem) {{ return {{ error: problem.message }}; }}
}}"""
