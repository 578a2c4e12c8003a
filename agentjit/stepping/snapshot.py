"""A page as the model sees it: its accessibility tree, with a ref for each element."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from agentjit.errors import RunError

if TYPE_CHECKING:
    from playwright.async_api import Page

#: Milliseconds that a page may take to tell its tree.
SNAPSHOT_MS: Final = 10_000

#: How an element is called; in a frame, by that, too.
REF: Final = r"(?:f\d+)?e\d+"

_LINE: Final = re.compile(r"(?P<indent> *)- (?P<what>.*)")
#: The beginning of an element's line: role, name, marks. A name may speak of refs, too.
_HEAD: Final = re.compile(
    r'(?P<role>[\w-]+)(?: "(?P<name>(?:[^"\\]|\\.)*)")?(?P<marks>(?: \[[^\]]*\])*)'
)
_REF: Final = re.compile(rf"\[ref=({REF})\]")
#: A line that YAML wants in quotes.
_QUOTED: Final = re.compile(r"'((?:[^']|'')*)'")
#: An element that does nothing, says nothing, and only holds others.
_WRAPPER: Final = re.compile(rf"generic(?: \[active\])? \[ref={REF}\]:")


@dataclass(frozen=True, slots=True)
class Element:
    """A line of the tree that has a ref: its role and its name, empty where it has none."""

    ref: str
    role: str
    name: str
    line: int


# Without slots: what is derived of it is kept on it.
@dataclass(frozen=True)
class Snapshot:
    """One look at a page. Its refs hold until the next one."""

    url: str
    title: str
    text: str

    @cached_property
    def elements(self) -> dict[str, Element]:
        """All elements that have a ref, by it, in the page's order."""
        return {each.ref: each for each in _elements(self.text)}

    def part(self, start: int, chars: int) -> tuple[str, int]:
        """Whole lines from the character `start`, about so many; and where the rest begins, which
        is the text's end where there is none.
        """
        if len(self.text) - start <= chars:
            return self.text[start:], len(self.text)
        end = self.text.rfind("\n", start, start + chars) + 1 or start + chars
        return self.text[start:end], end

    def below(self, ref: str) -> str:
        """The part of the tree that is an element's; empty where it is not there."""
        element = self.elements.get(ref)
        if element is None:
            return ""
        lines = self.text.splitlines()
        depth = _depth(lines[element.line])
        end = element.line + 1
        while end < len(lines) and _depth(lines[end]) > depth:
            end += 1
        return "\n".join(line[depth:] for line in lines[element.line : end])


async def take_snapshot(page: Page) -> Snapshot:
    """Look at the page. Raises Playwright's Error, and RunError where Playwright is too old."""
    if not hasattr(page, "aria_snapshot"):
        raise RunError(
            "this Playwright cannot tell a page's tree with refs of its elements",
            "install a newer one: pip install --upgrade playwright",
        )
    tree = await page.aria_snapshot(mode="ai", timeout=SNAPSHOT_MS)
    return Snapshot(page.url, await page.title(), condense(tree))


def condense(tree: str) -> str:
    """The tree without elements that only hold others: a page has hundreds of these."""
    kept, hoisted = list[str](), list[int]()
    for line in tree.splitlines():
        depth = _depth(line)
        while hoisted and depth <= hoisted[-1]:
            hoisted.pop()
        shape = _LINE.fullmatch(line)
        if shape is not None and _WRAPPER.fullmatch(shape["what"]):
            hoisted.append(depth)
            continue
        kept.append(line[2 * len(hoisted) :])
    return "\n".join(kept)


def _elements(text: str) -> Iterator[Element]:
    for number, line in enumerate(text.splitlines()):
        shape = _LINE.fullmatch(line)
        if shape is None:
            continue
        what = shape["what"]
        if (quoted := _QUOTED.match(what)) is not None:
            what = quoted[1].replace("''", "'")
        head = _HEAD.match(what)
        ref = _REF.search(head["marks"]) if head else None
        if head is not None and ref is not None:
            name = json.loads(f'"{head["name"]}"') if head["name"] else ""
            yield Element(ref[1], head["role"], name, number)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
