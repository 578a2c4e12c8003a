"""GitLab's tools for a project's repository: licence, files, the editor, commits, contributors."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import quote

from agentjit.errors import ToolError
from agentjit.sites.common.acting import no_such, open_path
from agentjit.sites.gitlab.acting import act, act_and_leave, current_project, sent
from agentjit.sites.gitlab.contracts import IN_PROJECT, NO_ITEM
from agentjit.sites.gitlab.results import (
    CommitEntry,
    Contributor,
    FileDraft,
    FileEntry,
    FileText,
)
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page


@tool(
    requires="page == 'project'",
    ensures=f"page == 'editor', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"files"},
    writes=(),
)
async def goto_add_license(page: Page) -> None:
    """Open the project's LICENSE in the editor, to change it; a new one where there is none."""
    place = await act(page, "licensePlace")
    if "edit" in place:
        await open_path(page, quote(place["edit"]))
        return
    async with page.expect_event("domcontentloaded"):
        await act(page, "goOn")


@tool(requires="page == 'editor'", effect=Effect.READ, reads=(), writes=())
async def list_license_templates(page: Page) -> list[str]:
    """List the licences that the editor has a template for."""
    return cast("list[str]", await act(page, "licenseNames"))


@tool(
    requires="page == 'editor'",
    ensures="page == 'editor', license_template == $template_name",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
    examples=("select_license_template('MIT License')",),
)
async def select_license_template(
    page: Page, template_name: Annotated[str, From("list_license_templates[]")]
) -> None:
    """Fill the editor with the text of a licence; the file is called LICENSE from then on."""
    answer = await act(page, "chooseLicense", template_name)
    if "missing" in answer:
        raise no_such("licence template", template_name, answer["names"])


@tool(
    requires="page == 'editor', license_template known",
    ensures=f"page == 'file', {NO_ITEM}",
    effect=Effect.WRITE,
    reads={"files"},
    writes={"files", "commits", "activity"},
)
async def commit_license(page: Page) -> None:
    """Commit the licence that was chosen to the branch. A later commit can change it again."""
    await _commit(page, None, None)


@tool(
    requires="page in {'project', 'files'}",
    effect=Effect.READ,
    reads={"files"},
    writes=(),
)
async def list_files(page: Page) -> list[FileEntry]:
    """List the files and folders on the page, folders first."""
    return cast("list[FileEntry]", await act(page, "listFiles"))


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'file', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"files"},
    writes=(),
    examples=("goto_file('README.md')",),
)
async def goto_file(page: Page, path: str) -> None:
    """Open a file of the project's default branch, by its path, such as 'docs/index.md'."""
    await _open_file(page, "blob", path)


@tool(requires="page == 'file'", effect=Effect.READ, reads={"files"}, writes=())
async def read_file(page: Page) -> FileText:
    """Read the file's whole text; its path begins with the branch."""
    return cast("FileText", await act(page, "readFile"))


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'editor', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"files"},
    writes=(),
    examples=("goto_edit_file('index.html')",),
)
async def goto_edit_file(page: Page, path: str) -> None:
    """Open a file of the project's default branch in the editor, by its path."""
    await _open_file(page, "edit", path)


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'editor', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"files"},
    writes=(),
)
async def goto_new_file(page: Page) -> None:
    """Open the editor for a new file of the project."""
    branch = await act(page, "defaultBranch")
    project = await current_project(page)
    await open_path(page, f"/{quote(project)}/-/new/{quote(branch)}")


@tool(requires="page == 'editor'", effect=Effect.READ, reads=(), writes=())
async def get_file_draft(page: Page) -> FileDraft:
    """Read what the editor holds: the file's path, its whole text, and the branch."""
    return cast("FileDraft", await act(page, "draftFile"))


@tool(
    requires="page == 'editor'",
    ensures="page == 'editor'",
    effect=Effect.NAVIGATE,
    reads=(),
    writes=(),
)
async def set_file_content(page: Page, content: str, path: str | None = None) -> None:
    """Put this text into the editor instead of what it holds; `path` names or renames the file."""
    await act(page, "fillFile", {"content": content, "path": path})


@tool(
    requires="page == 'editor'",
    ensures=f"page == 'file', {NO_ITEM}",
    effect=Effect.WRITE,
    reads={"files"},
    writes={"files", "commits", "activity", "projects"},
)
async def commit_file(page: Page, branch: str | None = None, message: str | None = None) -> None:
    """Commit what the editor holds, to the branch it is from or to another (new) `branch`."""
    await _commit(page, branch, message)


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'commits', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"commits"},
    writes=(),
)
async def goto_project_commits(page: Page) -> None:
    """Open the commits of the project's default branch, the newest first."""
    await act_and_leave(page, "inProject", "commits/")


@tool(
    requires="page == 'commits'",
    effect=Effect.READ,
    reads={"commits"},
    writes=(),
    timeout=30.0,
    examples=("get_commits(date='2023-03-05')",),
)
async def get_commits(page: Page, date: str | None = None) -> list[CommitEntry]:
    """List the commits on the page with author and date, all or those of one day (ISO date)."""
    wanted = _read_day(date)
    commits = cast("list[CommitEntry]", await act(page, "listCommits"))
    return [each for each in commits if wanted is None or each["date"] == wanted]


@tool(
    requires=IN_PROJECT,
    ensures=f"page == 'contributors', {NO_ITEM}",
    effect=Effect.NAVIGATE,
    reads={"commits"},
    writes=(),
)
async def goto_project_contributors(page: Page) -> None:
    """Open the statistics of who contributed how many commits to the project."""
    await act_and_leave(page, "inProject", "graphs/")


@tool(
    requires="page == 'contributors'",
    effect=Effect.READ,
    reads={"commits"},
    writes=(),
    examples=("list_project_contributors(top_n=3)",),
)
async def list_project_contributors(page: Page, top_n: int | None = None) -> list[Contributor]:
    """List the contributors by number of commits, whoever has most first; at most `top_n`."""
    if top_n is not None and top_n < 1:
        raise ToolError(f"top_n {top_n} asks for nobody at all")
    found = cast("list[Contributor]", await act(page, "listContributors"))
    return found if top_n is None else found[:top_n]


async def _commit(page: Page, branch: str | None, message: str | None) -> None:
    async with page.expect_event("domcontentloaded"):
        await act(page, "commitFile", {"branch": branch, "message": message})
    await sent(page)


async def _open_file(page: Page, way: str, path: str) -> None:
    project, branch = await current_project(page), await act(page, "defaultBranch")
    names = await act(page, "fileNames", {"branch": branch, "path": path})
    if path.rpartition("/")[2] not in names:
        raise no_such("file", path, names)
    await open_path(page, quote(f"/{project}/-/{way}/{branch}/{path}"))


def _read_day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ToolError(f"{text!r} is not a date", "write it like '2023-03-05'") from None
