"""What a step loop that never errs does next: as many recorded actions as one look can serve.

Stands alone, for the rivals' own Pythons load it too: nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

Ref = TypeVar("Ref")

#: As `agentjit.bench.endpoint.count_tokens`: the same estimate for all systems.
_TOKEN: Final = re.compile(r"\s*\w{1,6}|\s+|\S")


def count_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return len(_TOKEN.findall(text))


async def next_batch(
    actions: Sequence[Mapping[str, Any]],
    cursor: int,
    most: int,
    find: Callable[[Mapping[str, Any]], Awaitable[Ref | None]],
) -> list[tuple[Mapping[str, Any], Ref | None]]:
    """The actions from `cursor` on, at most so many, that can be asked for at once.

    `find` says how an action's target is called on the page as it was seen last, or None where it
    cannot be pointed at. The batch ends there; after an action that leaves the page, or sends a
    form, of which nobody knows yet whether it was taken; where the page must be read before more;
    and before the same is done to the same element again, which is another one by then, perhaps. It
    is empty where nothing can be done yet, and at the end of the actions.
    """
    batch: list[tuple[Mapping[str, Any], Ref | None]] = []
    for action in actions[cursor : cursor + most]:
        ref = None
        if action["target"] is not None:
            ref = await find(action)
            if ref is None or _again(action, ref, batch):
                break
        elif batch:
            # An address could be opened at once, but what it is stood on a page seen before.
            break
        batch.append((action, ref))
        if action["leaves"] or action["look"] or sends(action):
            break
    return batch


def _again(
    action: Mapping[str, Any], ref: object, batch: Sequence[tuple[Mapping[str, Any], Any]]
) -> bool:
    return any(each["kind"] == action["kind"] and other == ref for each, other in batch)


def sends(action: Mapping[str, Any]) -> bool:
    """Whether an action sends a form."""
    target = action["target"]
    return (
        bool(target) and action["kind"] == "click" and target["attributes"].get("type") == "submit"
    )
