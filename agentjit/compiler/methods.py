"""The methods that plans may call on JSON values; all other attribute access is outside."""

from __future__ import annotations

from typing import Final

#: Change the value they are called on.
MUTATING: Final = frozenset(
    "append extend insert remove pop clear sort reverse update setdefault add discard".split()
)

#: Leave it as it is.
PURE: Final = frozenset(
    """capitalize casefold center count endswith find index isalnum isalpha isdecimal isdigit
    islower isnumeric isspace istitle isupper join ljust lower lstrip partition removeprefix
    removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith
    strip swapcase title upper zfill copy get items keys values difference intersection
    isdisjoint issubset issuperset symmetric_difference union""".split()
)

METHODS: Final = MUTATING | PURE
