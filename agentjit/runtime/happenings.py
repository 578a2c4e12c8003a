"""What happens in a run's browser beside its calls: tabs, downloads, dialogs, choosers of files."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playwright.async_api import Error as PlaywrightError

from agentjit.runtime.recorder import Recorder
from agentjit.runtime.tabs import is_own

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Dialog, Download, FileChooser, Page

#: Where downloads are kept in a run's folder.
DOWNLOADS: Final = "downloads"
#: Tabs that a site may have open beside the run's own; one more is closed at once.
MAX_TABS: Final = 8
#: Seconds that downloads have to end, once the run has.
DOWNLOAD_SECONDS: Final = 60.0
#: Seconds that a tab has to be closed.
CLOSE_SECONDS: Final = 5.0
#: Characters of a text of the site's that is told.
LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A file that the site gave: where it is kept, its size in bytes, and its SHA-256."""

    path: Path
    size: int
    sha256: str

    def to_json(self) -> dict[str, Any]:
        """As data, with stable keys."""
        return {"path": str(self.path), "size": self.size, "sha256": self.sha256}


# Without slots: Playwright keeps its wrappers of listeners on the object itself.
@dataclass
class Happenings:
    """Tells a run's recorder what happens, and sees to it that nothing waits for a person."""

    folder: Path
    recorder: Recorder
    #: The files that have come.
    downloads: list[Downloaded]
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def attend(self, page: Page) -> None:
        """Listen to a tab; the site's own tabs are few."""
        page.on("download", lambda download: self._begin(self._keep(download)))
        page.on("filechooser", self._choose)
        page.on("crash", lambda _: self.recorder.record("tab-crashed", url=_told(page.url)))
        self._begin(self._tell_tab(page))

    def answer(self, dialog: Dialog) -> None:
        """Answer a dialog that no tool answers: a message is read, a question is not agreed to."""
        agreed = dialog.type in ("alert", "beforeunload")
        page = dialog.page
        # The tool's own listener, where it has one, knows better.
        handled = page is not None and bool(page._impl_obj.listeners("dialog"))
        answer = "left to the tool" if handled else "accepted" if agreed else "dismissed"
        self.recorder.record(
            "dialog", type=dialog.type, message=_told(dialog.message), answer=answer
        )
        if not handled:
            self._begin(_quietly(dialog.accept() if agreed else dialog.dismiss()))

    async def end(self, context: BrowserContext) -> None:
        """Wait for downloads, and close the tabs that the site has left open."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DOWNLOAD_SECONDS)
        for task in self._tasks:
            task.cancel()
        for page in context.pages:
            if not is_own(page):
                await _close(page)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell_tab(self, page: Page) -> None:
        with suppress(PlaywrightError):
            if await page.opener() is None:
                return
            strangers = [each for each in page.context.pages if not is_own(each)]
            self.recorder.record("popup-opened", url=_told(page.url))
            # Many may come at once; the first of them stay.
            if page in strangers[MAX_TABS:]:
                self.recorder.record("popup-refused", url=_told(page.url), most=MAX_TABS)
                await _close(page)

    async def _keep(self, download: Download) -> None:
        name = f"{len(self._tasks):02}-{safe_name(download.suggested_filename)}"
        target = self.folder / DOWNLOADS / name
        try:
            await download.save_as(target)
            size, digest = await asyncio.to_thread(_measure, target)
        except (PlaywrightError, OSError) as error:
            self.recorder.record("download-failed", name=name, message=_told(str(error)))
            return
        kept = Downloaded(path=target, size=size, sha256=digest)
        self.downloads.append(kept)
        self.recorder.record("downloaded", **kept.to_json())

    def _choose(self, chooser: FileChooser) -> None:
        # A tool that uploads gives the file itself; no file is given to a page that only asks.
        several = chooser.is_multiple()
        self.recorder.record("file-asked", url=_told(chooser.page.url), several=several)


@asynccontextmanager
async def attended(
    context: BrowserContext, folder: Path, recorder: Recorder, downloads: list[Downloaded]
) -> AsyncIterator[None]:
    """Attend to a context's tabs while the block lasts; `downloads` gets the files that come."""
    happenings = Happenings(folder, recorder, downloads)
    context.on("page", happenings.attend)
    context.on("dialog", happenings.answer)
    try:
        yield
    finally:
        context.remove_listener("page", happenings.attend)
        context.remove_listener("dialog", happenings.answer)
        await happenings.end(context)


def safe_name(suggested: str) -> str:
    """A file's name from what a site suggests: no folders, no hidden file, no odd characters."""
    name = re.sub(r"[^\w.() -]", "_", suggested.replace("\\", "/").rpartition("/")[2])
    return name.lstrip(".")[:120].strip() or "download"


def _measure(path: Path) -> tuple[int, str]:
    path.chmod(0o600)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return path.stat().st_size, digest.hexdigest()


def _told(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with suppress(PlaywrightError):
        await work


async def _close(page: Page) -> None:
    """Close a tab; one that is about to go somewhere may not answer."""
    with suppress(PlaywrightError, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await page.close()
