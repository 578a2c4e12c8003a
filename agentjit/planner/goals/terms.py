"""The small English lexicon of goals. It knows no site.

A word that could change what is wanted (not, unless, or, without, instead, …) is in none of these
sets: nothing accounts for it, and the planner abstains.
"""

from __future__ import annotations

from typing import Final

from agentjit.planner.words import stem


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in text.split())


#: What may stand before the first verb of a request.
POLITE: Final = frozenset(
    """please pls kindly just now so ok okay hey hi hello go ahead and then also can could would
    will you i id we want need like to me my""".split()
)
SPEAKERS: Final = frozenset(("i", "we", "id"))
WISHES: Final = frozenset(("want", "like", "need", "id"))

#: Verbs that mean the same to people; a tool's own verb is in the group.
SYNONYMS: Final = (
    _stems("order buy purchase"),
    _stems("send mail email"),
    _stems("delete remove trash clear"),
    _stems("upvote like"),
    _stems("downvote dislike"),
    _stems("create make start add open"),
    _stems("post publish submit write"),
    _stems("reply answer respond"),
    _stems("invite add"),
    _stems("sign subscribe join"),
)

#: Verbs that set something to a value; what is set is said by the noun.
SETTING: Final = _stems("change set update edit make switch commit choose select put give use")

#: Verbs that only lead somewhere; what they lead to is said besides.
LEADING: Final = _stems(
    "search click open go find visit view look proceed complete navigate use select choose"
)

#: Words that leave a request as it is.
FILLERS: Final = frozenset(
    """a an the of at from in on to for me us please pls kindly my i id you would could can will
    that are is be its it them these those this and by with as new one ones listed website site page
    all's there was were up do into following""".split()
)

#: Words of a question that ask, and say nothing of what is asked.
ASKING: Final = frozenset(
    """what whats which who whose how many much does do did is are was list show tell name get give
    count find read me have has i there been our us know they cost costs call called made make
    number return currently right now""".split()
)

#: How a question begins, after words of politeness.
STARTS: Final = frozenset(
    "what whats which who whose how list show tell name count is are does do get".split()
)

#: How a question begins that is answered by yes or no.
YES_OR_NO: Final = frozenset("is are was were am does did has have had any".split())

ALL: Final = frozenset("all every each any everything".split())
LATEST: Final = ("most recent", "most recently", "newest", "latest", "last", "recent")
ORDINALS: Final = {"first": 1, "second": 2, "third": 3}

#: Comparisons: the phrase, the operator.
COMPARISONS: Final = (
    ("fewer than", "<"), ("less than", "<"), ("cheaper than", "<"), ("no more than", "<="),
    ("at most", "<="), ("up to", "<="), ("more than", ">"), ("greater than", ">"),
    ("higher than", ">"), ("at least", ">="), ("under", "<"), ("below", "<"), ("over", ">"),
    ("above", ">"),
)  # fmt: skip

#: Words before a text that says who or what something is from.
BY: Final = ("created by", "written by", "posted by", "submitted by", "sent by", "from", "by")

#: What the parameter of a text is called, in other words.
CALLED: Final = (
    frozenset(("name", "named", "called")),
    frozenset(("title", "titled", "headline")),
    frozenset(("body", "text", "content", "saying", "says", "message", "details")),
    frozenset(("due", "deadline")),
    frozenset(("assignee", "assign", "assigned")),
    frozenset(("usernames", "username", "members", "users", "collaborators", "people")),
    frozenset(("bio", "biography")),
    frozenset(("description", "described")),
    frozenset(("quantity", "number")),
    frozenset(("note", "comment")),
)

#: Between what a parameter is called and its value.
LINKS: Final = frozenset("of is to the be as called a an : date with at text".split())

#: What only says that it is about the site that the task is given for.
ABOUT_SITE: Final = (
    "on this site", "on the site", "on this website", "on the website", "in this shop",
    "in the shop", "in my mailbox", "in the discussion forum", "on the discussion forum",
)  # fmt: skip

#: An aside that only permits something.
PERMITTING: Final = frozenset(("you", "can", "may", "feel"))

PRONOUNS: Final = frozenset("it them those these they".split())

#: Words by which nothing is asked for: conditions, denials, alternatives.
DENYING: Final = frozenset(
    """not never dont if unless except without instead or otherwise nothing no should cant
    wont""".split()
)
