"""Reddit's toolset: its state, how it is observed, and its tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from agentjit.sites.common.obstacles import OBSTACLES, SIGNED_OUT
from agentjit.sites.reddit.acting import act
from agentjit.sites.reddit.browsing import (
    change_submission_order,
    get_profile,
    get_submission,
    goto_forum,
    goto_forums_list,
    goto_home,
    goto_submission,
    goto_user,
    list_comments,
    list_forums,
    list_my_comments,
    list_my_submissions,
    list_submissions,
    search,
)
from agentjit.sites.reddit.publishing import (
    delete_comment,
    delete_submission,
    edit_biography,
    edit_comment,
    edit_submission,
    fill_forum_info,
    fill_submission,
    get_form,
    goto_create_forum,
    goto_create_submission,
    goto_edit_biography,
    goto_edit_submission,
    reply_to_comment,
    submit_forum,
    submit_submission,
    write_comment,
)
from agentjit.sites.reddit.voting import (
    downvote,
    downvote_comment,
    retract_comment_vote,
    retract_vote,
    subscribe,
    unsubscribe,
    upvote,
    upvote_comment,
)
from agentjit.toolspecs import StateModel, StateVar, Toolset

if TYPE_CHECKING:
    from playwright.async_api import Page

STATE: Final = StateModel(
    (
        StateVar(
            "page",
            values=(
                "home",
                "forum",
                "submission",
                "user",
                "forums",
                "search",
                "create_forum",
                "create_submission",
                "edit_submission",
                "edit_biography",
                "other",
            ),
            start="home",
            doc="which page the tab shows",
        ),
        StateVar("forum", doc="the forum whose page it is"),
        StateVar("user", doc="the user whose profile it is"),
        StateVar("submission", doc="the address of the submission whose page it is"),
        StateVar(
            "order",
            values=("hot", "new", "active", "top", "controversial", "most commented"),
            start="hot",
            doc="how the submissions of the home page or forum are sorted",
        ),
        StateVar(
            "vote",
            values=("up", "down", "none"),
            doc="your vote on the submission that was shown last",
        ),
        StateVar(
            "form",
            values=("empty", "filled"),
            doc="whether the form for a forum or submission is filled in",
        ),
    )
)


async def observe(page: Page) -> Mapping[str, str | None]:
    """The state as the page shows it; what cannot be seen on it is left out."""
    return cast("Mapping[str, str | None]", await act(page, "observe"))


TOOLSET: Final = Toolset(
    name="reddit",
    title="Reddit: forums (subreddits) with submissions (posts), comments and votes",
    state=STATE,
    observe=observe,
    tools=(
        goto_home,
        goto_forums_list,
        list_forums,
        goto_forum,
        change_submission_order,
        list_submissions,
        list_comments,
        goto_user,
        get_profile,
        goto_submission,
        get_submission,
        search,
        list_my_submissions,
        list_my_comments,
        upvote,
        downvote,
        retract_vote,
        upvote_comment,
        downvote_comment,
        retract_comment_vote,
        subscribe,
        unsubscribe,
        goto_create_forum,
        fill_forum_info,
        submit_forum,
        get_form,
        goto_create_submission,
        fill_submission,
        submit_submission,
        goto_edit_submission,
        edit_submission,
        delete_submission,
        write_comment,
        reply_to_comment,
        edit_comment,
        delete_comment,
        goto_edit_biography,
        edit_biography,
    ),
    obstacles=OBSTACLES,
    signed_out=SIGNED_OUT,
)
