"""The forms that publish: forums, submissions and comments; and those that edit and delete them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agentjit.sites.common.forms import Form, read_form
from agentjit.sites.common.refusing import RefusedError
from agentjit.sites.reddit.entries import Comment, Forum, Submission
from agentjit.sites.reddit.rendering import (
    account_of,
    answer_page,
    go,
    session_of,
    show_missing,
    submission_path,
)
from agentjit.sites.reddit.state import (
    comment,
    create_forum,
    delete_comment,
    delete_submission,
    edit_comment,
    edit_submission,
    submit,
)
from agentjit.sites.reddit.uploads import keep_picture
from agentjit.sites.reddit.views import find_comment, find_forum, find_submission, list_forums


async def _create_forum(request: Request) -> Response:
    session = session_of(request)
    if request.method == "GET":
        return answer_page(request, "create_forum.html", form=Form(method="GET", pairs=()))
    form = await read_form(request)
    tags = tuple(tag.strip() for tag in form.get("forum[tags]").split(",") if tag.strip())
    draft = Forum(
        id=0,
        name=form.get("forum[name]"),
        title=form.get("forum[title]"),
        description=form.get("forum[description]"),
        sidebar=form.get("forum[sidebar]"),
        tags=tags,
        featured=False,
    )
    try:
        account, forum = create_forum(session.state, draft)
    except RefusedError as error:
        return answer_page(request, "create_forum.html", status=422, form=form, message=str(error))
    session.change(account)
    return go(request, f"/f/{forum.name}", "The forum was created.")


async def _submit(request: Request) -> Response:
    session = session_of(request)
    account = session.state
    asked = request.path_params.get("forum", "")
    forum = find_forum(account, asked)
    if asked and forum is None:
        return show_missing(request)
    forums = list_forums(account)
    if request.method == "GET":
        form = Form(method="GET", pairs=())
        return answer_page(request, "submit.html", form=form, forum=forum, forums=forums)
    form = await read_form(request)
    chosen = next((f for f in forums if str(f.id) == form.get("submission[forum]")), None)
    try:
        draft = _read_draft(request, form, chosen)
        account, submission = submit(account, draft)
    except RefusedError as error:
        return answer_page(
            request,
            "submit.html",
            status=422,
            form=form,
            forum=chosen or forum,
            forums=forums,
            message=str(error),
        )
    session.change(account)
    return go(request, submission_path(submission))


def _read_draft(request: Request, form: Form, forum: Forum | None) -> Submission:
    if forum is None:
        raise RefusedError("Choose a forum")
    url = form.get("submission[url]")
    picture = form.get("submission[mediaType]") == "image"
    if picture:
        url = keep_picture(form)
    elif url and not url.startswith(("http://", "https://")):
        raise RefusedError("The URL must begin with http:// or https://")
    session = session_of(request)
    return Submission(
        id=0,
        forum=forum.name,
        author=session.state.name,
        title=form.get("submission[title]"),
        body=form.get("submission[body]"),
        url=url,
        picture=picture,
        posted=session.now,
    )


async def _edit_submission(request: Request) -> Response:
    session = session_of(request)
    submission = _own_submission(request)
    if submission is None:
        return show_missing(request)
    if request.method == "GET":
        return _show_edit(request, submission, submission.title, submission.body)
    form = await read_form(request)
    title, body = form.get("submission[title]"), form.get("submission[body]")
    try:
        session.change(edit_submission(session.state, submission, title, body, session.now))
    except RefusedError as error:
        return _show_edit(request, submission, title, body, str(error))
    changed = session.state.submissions[submission.id]
    return go(request, submission_path(changed), "The submission was edited.")


def _show_edit(
    request: Request, submission: Submission, title: str, body: str, message: str = ""
) -> Response:
    return answer_page(
        request,
        "edit_submission.html",
        status=422 if message else 200,
        submission=submission,
        title=title,
        body=body,
        message=message,
    )


async def _delete_submission(request: Request) -> Response:
    session, submission = session_of(request), _own_submission(request)
    if submission is None:
        return show_missing(request)
    session.change(delete_submission(session.state, submission))
    return go(request, f"/f/{submission.forum}", "The submission was deleted.")


async def _comment(request: Request) -> Response:
    """Answer a submission, or a comment on it."""
    session = session_of(request)
    submission = _submission(request)
    number = request.path_params.get("comment")
    parent = None if number is None else _comment_on(request, submission)
    if submission is None or (number is not None and parent is None):
        return show_missing(request)
    field = f"submission_{submission.id}" if parent is None else f"comment_{parent.id}"
    text = (await read_form(request)).get(f"reply_to_{field}[comment]")
    try:
        account, said = comment(session.state, submission, parent, text, session.now)
    except RefusedError as error:
        return answer_page(request, "refused.html", status=422, message=str(error))
    session.change(account)
    return go(request, f"{submission_path(submission)}#comment_{said.id}")


async def _edit_comment(request: Request) -> Response:
    session, submission = session_of(request), _submission(request)
    said = _comment_on(request, submission)
    if submission is None or said is None or said.deleted:
        return show_missing(request)
    text = (await read_form(request)).get(f"edit_comment_{said.id}[comment]")
    try:
        session.change(edit_comment(session.state, said, text, session.now))
    except RefusedError as error:
        return answer_page(request, "refused.html", status=422, message=str(error))
    return go(request, f"{submission_path(submission)}#comment_{said.id}")


async def _delete_comment(request: Request) -> Response:
    session, submission = session_of(request), _submission(request)
    said = _comment_on(request, submission)
    if submission is None or said is None:
        return show_missing(request)
    try:
        session.change(delete_comment(session.state, said))
    except RefusedError as error:
        return answer_page(request, "refused.html", status=422, message=str(error))
    return go(request, submission_path(submission), "The comment was deleted.")


def _submission(request: Request) -> Submission | None:
    found = find_submission(account_of(request), request.path_params["id"])
    same = found is not None and found.forum.casefold() == request.path_params["forum"].casefold()
    return found if same else None


def _own_submission(request: Request) -> Submission | None:
    found = _submission(request)
    return found if found is not None and found.author == account_of(request).name else None


def _comment_on(request: Request, submission: Submission | None) -> Comment | None:
    found = find_comment(account_of(request), request.path_params["comment"])
    if found is None or submission is None or found.submission != submission.id:
        return None
    return found


_POST = "/f/{forum}/{id:int}/-"

ROUTES = [
    Route("/create_forum", _create_forum, methods=["GET", "POST"]),
    Route("/submit", _submit, methods=["GET", "POST"]),
    Route("/submit/{forum}", _submit, methods=["GET", "POST"]),
    Route(f"{_POST}/edit", _edit_submission, methods=["GET", "POST"]),
    Route(f"{_POST}/delete", _delete_submission, methods=["POST"]),
    Route(f"{_POST}/comment", _comment, methods=["POST"]),
    Route(f"{_POST}/comment/{{comment:int}}", _comment, methods=["POST"]),
    Route(f"{_POST}/comment/{{comment:int}}/edit", _edit_comment, methods=["POST"]),
    Route(f"{_POST}/comment/{{comment:int}}/delete", _delete_comment, methods=["POST"]),
]
