"""What changes the account by a form: new projects, issues, files, merge requests; the profile."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.forms import Form, read_form
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.gitlab.discussing import NewThread, create_issue, create_request
from agentjit.sites.gitlab.pages import VISIBILITY_WORDS, answer_new_project
from agentjit.sites.gitlab.profile import follow, set_website
from agentjit.sites.gitlab.projectpages import BASE, answer_editor, answer_in, project_of
from agentjit.sites.gitlab.rendering import (
    account_of,
    answer_missing,
    answer_page,
    go,
    now_of,
    session_of,
)
from agentjit.sites.gitlab.threadpages import answer_new_issue, answer_new_request
from agentjit.sites.gitlab.working import (
    Change,
    NewProject,
    commit_file,
    create_group,
    create_milestone,
    create_project,
)


async def _create_project(request: Request) -> Response:
    form = await read_form(request)
    try:
        wanted = NewProject(
            name=form.get("project[name]"),
            path=form.get("project[path]"),
            namespace=form.number("project[namespace_id]"),
            visibility=form.number("project[visibility_level]"),
            description=form.get("project[description]"),
            readme=form.get("project[initialize_with_readme]") == "1",
            template=form.get("project[template_name]"),
        )
        account = create_project(account_of(request), wanted, now_of(request))
    except RefusedError as error:
        panel = "create_from_template" if "project[template_name]" in form else "blank_project"
        return answer_new_project(request, str(error), panel, 422)
    session_of(request).change(account)
    project = account.projects[0]
    return go(request, f"/{project.path}", f"Project '{project.name}' was successfully created.")


async def _create_group(request: Request) -> Response:
    form = await read_form(request)
    try:
        path = form.get("group[path]")
        level = form.number("group[visibility_level]")
        name = form.get("group[name]")
        account = create_group(account_of(request), name, path, level, now_of(request))
    except RefusedError as error:
        return answer_page(
            request,
            "new_group.html",
            status=422,
            visibilities=VISIBILITY_WORDS,
            complaint=str(error),
        )
    session_of(request).change(account)
    return go(request, f"/{path}", f"Group {name} was successfully created.")


async def _create_issue(request: Request) -> Response:
    project = project_of(request)
    if project is None:
        return answer_missing(request)
    form = await read_form(request)
    try:
        wanted = NewThread(
            title=form.get("issue[title]"),
            text=form.get("issue[description]"),
            assignees=_numbers(form, "issue[assignee_ids][]"),
            labels=[each for each in form.all("issue[label_ids][]") if each],
            due=form.get("issue[due_date]"),
            milestone=form.get("issue[milestone_id]"),
        )
        account, number = create_issue(account_of(request), project.path, wanted, now_of(request))
    except RefusedError as error:
        return answer_new_issue(request, str(error), form.get("issue[title]"))
    session_of(request).change(account)
    return go(request, f"/{project.path}/-/issues/{number}")


async def _create_request(request: Request) -> Response:
    project = project_of(request)
    if project is None:
        return answer_missing(request)
    form = await read_form(request)
    try:
        wanted = NewThread(
            title=form.get("merge_request[title]"),
            text=form.get("merge_request[description]"),
            assignees=_numbers(form, "merge_request[assignee_ids][]"),
            reviewers=_numbers(form, "merge_request[reviewer_ids][]"),
            source=form.get("merge_request[source_branch]"),
            target=form.get("merge_request[target_branch]"),
        )
        account, number = create_request(account_of(request), project.path, wanted, now_of(request))
    except RefusedError as error:
        return answer_new_request(request, str(error))
    session_of(request).change(account)
    return go(request, f"/{project.path}/-/merge_requests/{number}")


async def _create_file(request: Request) -> Response:
    return await _commit(request, editing=False)


async def _update_file(request: Request) -> Response:
    return await _commit(request, editing=True)


async def _commit(request: Request, *, editing: bool) -> Response:
    project = project_of(request)
    found = project.split_ref(request.path_params["ref"]) if project else None
    if project is None or found is None:
        return answer_missing(request)
    branch, path = found
    form = await read_form(request)
    # The content of a file is what was typed, blanks around it included.
    content = next(iter(form.all("content")), "")
    name = form.get("file_path" if editing else "file_name")
    change = Change(
        path=name if editing or not path else f"{path}/{name}",
        content=content,
        branch=form.get("branch_name") or branch.name,
        origin=form.get("original_branch") or branch.name,
        message=form.get("commit_message"),
        before=path if editing else None,
    )
    try:
        account = commit_file(account_of(request), project.path, change, now_of(request))
    except RefusedError as error:
        return answer_editor(
            request,
            branch,
            path=change.path,
            content=content,
            before=change.before,
            complaint=str(error),
        )
    session_of(request).change(account)
    to = f"/{project.path}/-/blob/{quote(f'{change.branch}/{change.path}')}"
    say = "Your changes have been successfully committed."
    return go(request, to, say if editing else "The file has been successfully created.")


async def _create_milestone(request: Request) -> Response:
    project = project_of(request)
    if project is None:
        return answer_missing(request)
    form = await read_form(request)
    try:
        account = create_milestone(
            account_of(request),
            project.path,
            form.get("milestone[title]"),
            (form.get("milestone[start_date]"), form.get("milestone[due_date]")),
            now=now_of(request),
        )
    except RefusedError as error:
        return answer_in(request, "new_milestone.html", complaint=str(error))
    session_of(request).change(account)
    return go(request, f"/{project.path}/-/milestones")


async def _save_profile(request: Request) -> Response:
    form = await read_form(request)
    try:
        account = set_website(account_of(request), form.get("user[website_url]"))
    except RefusedError as error:
        return answer_page(request, "profile.html", status=422, complaint=str(error))
    session_of(request).change(account)
    return go(request, "/-/profile", "Profile was successfully updated")


async def _follow(request: Request) -> Response:
    username = request.path_params["username"]
    on = request.url.path.endswith("/follow.json")
    try:
        account = follow(account_of(request), username, on=on)
    except RefusedError:
        return answer_missing(request)
    session_of(request).change(account)
    return go(request, f"/{username}")


def _numbers(form: Form, name: str) -> list[int]:
    texts = [each for each in form.all(name) if each]
    if not all(each.isdecimal() and len(each) < 10 for each in texts):
        raise RefusedError("That person does not exist")
    return [int(each) for each in texts]


ROUTES = [
    Route("/projects", _create_project, methods=["POST"]),
    Route("/groups", _create_group, methods=["POST"]),
    Route("/-/profile", _save_profile, methods=["POST"]),
    Route("/users/{username}/follow.json", _follow, methods=["POST"]),
    Route("/users/{username}/unfollow.json", _follow, methods=["POST"]),
    Route(BASE + "/-/issues", _create_issue, methods=["POST"]),
    Route(BASE + "/-/merge_requests", _create_request, methods=["POST"]),
    Route(BASE + "/-/create/{ref:path}", _create_file, methods=["POST"]),
    Route(BASE + "/-/update/{ref:path}", _update_file, methods=["POST"]),
    Route(BASE + "/-/milestones", _create_milestone, methods=["POST"]),
]
