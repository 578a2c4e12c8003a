"""A site as a value: its name, and where its application and its toolset are loaded from, late."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from agentjit.sites.common.settings import SiteSettings
    from agentjit.toolspecs import Toolset


@dataclass(frozen=True, slots=True)
class Site:
    """A bundled replica. Its package holds `app` and `tools`; neither is imported before use."""

    name: str
    title: str
    #: Where a session's record of what was done is read.
    record_path: str = "/finish"

    @property
    def package(self) -> str:
        """The dotted name of the site's package."""
        return f"agentjit.sites.{self.name}"

    def create_app(self, settings: SiteSettings) -> Starlette:
        """The site as an ASGI application with no sessions yet."""
        return cast("Starlette", import_module(f"{self.package}.app").create_app(settings))

    @property
    def toolset(self) -> Toolset:
        """The site's tools."""
        return cast("Toolset", import_module(f"{self.package}.tools").TOOLSET)
