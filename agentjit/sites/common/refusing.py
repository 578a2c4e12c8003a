"""How a site says no."""

from __future__ import annotations


class RefusedError(ValueError):
    """The site does not do that; the message says why, in its own words."""
