"""The bundled sites: replicas that are served on loopback, each with its tools."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from agentjit.errors import UsageError
from agentjit.sites.site import Site

__all__ = ["Site", "load_site", "site_names"]

_SITES: Final = {
    site.name: site
    for site in (
        Site("dashdish", "Dashdish, a food delivery site: stores, menus, cart, orders"),
        Site("omnizon", "Omnizon, a shop for everything: search, cart, orders, reviews"),
        Site("gomail", "Gomail, a web mail client: inbox, folders, labels, search, drafts"),
        Site("gitlab", "GitLab, where people keep code: projects, files, issues, merge requests"),
        Site("reddit", "Reddit, a forum site after Postmill: forums, submissions, comments, votes"),
    )
}


def site_names() -> tuple[str, ...]:
    """The names of all bundled sites."""
    return tuple(_SITES)


def load_site(name: str) -> Site:
    """The site called `name`; UsageError with the nearest name where there is none."""
    site = _SITES.get(name)
    if site is not None:
        return site
    near = get_close_matches(name.casefold(), _SITES, n=1)
    known = ", ".join(_SITES)
    hint = f"did you mean {near[0]!r}?" if near else f"the sites are: {known}"
    raise UsageError(f"there is no site {name!r}", hint)
