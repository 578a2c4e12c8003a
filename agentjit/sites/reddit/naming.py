"""From titles and names to addresses."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Characters that a slug has at most; it ends with a whole word.
SLUG_LENGTH: Final = 60

_FORUM_NAME: Final = re.compile(r"\w{3,25}", re.ASCII)


def slug_of(title: str) -> str:
    """A title as the end of an address: `a-short-history-of-rain`; "-" where nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))
    if len(slug) > SLUG_LENGTH:
        cut = slug[: SLUG_LENGTH + 1]
        slug = cut.rpartition("-")[0] or slug[:SLUG_LENGTH]
    return slug or "-"


def is_forum_name(name: str) -> bool:
    """Whether a forum may have this name: 3 to 25 letters, digits and underscores."""
    return _FORUM_NAME.fullmatch(name) is not None


def path_of(forum: str, submission_id: int, title: str) -> str:
    """The address of a submission's page."""
    return f"/f/{forum}/{submission_id}/{slug_of(title)}"
