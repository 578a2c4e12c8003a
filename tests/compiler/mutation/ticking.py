"""The options of an item's dialog, ticked as the tool ticks them."""

from __future__ import annotations

from collections.abc import Sequence

from agentjit.sites.dashdish.menu import Choice, Item
from tests.compiler.mutation.outcomes import Refused
from tests.compiler.mutation.showing import same


def tick(item: Item, wanted: Sequence[str]) -> list[tuple[str, Choice]]:
    """The choices that stand once each wish has been followed; Refused where one cannot be."""
    groups = {g.title: g for g in item.options}
    chosen = {g.title: [] if g.many else [g.choices[0]] for g in item.options}
    decided: set[str] = set()
    for wish in wanted:
        found = [
            (title, choice)
            for title, group in groups.items()
            for choice in group.choices
            if same(wish, choice.label) or same(wish, f"{title}: {choice.label}")
        ]
        if len(found) != 1 or found[0][0] in decided:
            raise Refused(f"no option {wish!r}")
        ((title, choice),) = found
        if not groups[title].many:
            decided.add(title)
            chosen[title] = [choice]
        elif choice not in chosen[title]:
            chosen[title].append(choice)
    return [
        (title, choice)
        for title, group in groups.items()
        for choice in group.choices
        if choice in chosen[title]
    ]
