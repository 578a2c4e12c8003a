"""Reddit's tools that change small things, and can change them back: votes, subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from agentjit.sites.common.acting import no_such
from agentjit.sites.reddit.acting import PATIENT, act
from agentjit.toolspecs import Effect, From, tool

if TYPE_CHECKING:
    from playwright.async_api import Page

_on_comment = tool(
    requires="page == 'submission'",
    effect=Effect.WRITE,
    reads={"votes"},
    writes={"votes"},
    idempotent=True,
    timeout=PATIENT,
)

_on_forum = tool(
    requires="page in {'forum', 'submission'}",
    effect=Effect.WRITE,
    reads={"subscriptions"},
    writes={"subscriptions"},
    idempotent=True,
    timeout=PATIENT,
)


@tool(
    requires="page == 'submission'",
    ensures="vote == 'up'",
    effect=Effect.WRITE,
    reads={"votes"},
    writes={"votes"},
    idempotent=True,
    timeout=PATIENT,
)
async def upvote(page: Page) -> None:
    """Upvote (like, thumbs up) the submission whose page it is; a downvote becomes an upvote."""
    await act(page, "vote", "up")


@tool(
    requires="page == 'submission'",
    ensures="vote == 'down'",
    effect=Effect.WRITE,
    reads={"votes"},
    writes={"votes"},
    idempotent=True,
    timeout=PATIENT,
)
async def downvote(page: Page) -> None:
    """Downvote (dislike, thumbs down) the submission whose page it is."""
    await act(page, "vote", "down")


@tool(
    requires="page == 'submission'",
    ensures="vote == 'none'",
    effect=Effect.WRITE,
    reads={"votes"},
    writes={"votes"},
    idempotent=True,
    timeout=PATIENT,
)
async def retract_vote(page: Page) -> None:
    """Take back your vote on the submission whose page it is."""
    await act(page, "vote", "none")


@_on_comment
async def upvote_comment(
    page: Page, comment_id: Annotated[int, From("list_comments[].id")]
) -> None:
    """Upvote (like) a comment on the submission whose page it is."""
    await _vote_on_comment(page, comment_id, "up")


@_on_comment
async def downvote_comment(
    page: Page, comment_id: Annotated[int, From("list_comments[].id")]
) -> None:
    """Downvote (dislike) a comment on the submission whose page it is."""
    await _vote_on_comment(page, comment_id, "down")


@_on_comment
async def retract_comment_vote(
    page: Page, comment_id: Annotated[int, From("list_comments[].id")]
) -> None:
    """Take back your vote on a comment."""
    await _vote_on_comment(page, comment_id, "none")


@_on_forum
async def subscribe(page: Page) -> None:
    """Subscribe to the forum whose page, or whose submission's page, it is."""
    await act(page, "setSubscription", True)


@_on_forum
async def unsubscribe(page: Page) -> None:
    """End the subscription to the forum whose page, or whose submission's page, it is."""
    await act(page, "setSubscription", False)


async def _vote_on_comment(page: Page, comment_id: int, wanted: str) -> None:
    answer = await act(page, "voteOnComment", {"id": comment_id, "wanted": wanted})
    if "names" in answer:
        raise no_such("comment", str(comment_id), answer["names"])
