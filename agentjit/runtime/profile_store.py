"""Where latency profiles are kept: a file for each site and version of its tools."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agentjit.errors import UsageError
from agentjit.planner.plan_cache import find_folder
from agentjit.scheduler.profile import Profile
from agentjit.scheduler.profile_json import profile_to_json, read_profile
from agentjit.toolspecs.toolset import Toolset

#: What reading a file that is no profile raises.
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class ProfileStore:
    """The profiles under one folder. Reading never raises for what lies there; writing does."""

    folder: Path

    def load(self, site: str, version: str) -> Profile:
        """What is known of these tools; an empty profile where nothing is, or nothing readable."""
        found = self._read(self.file(site, version))
        if found is None or (found.site, found.version) != (site, version):
            return Profile(site=site, version=version)
        return found

    def save(self, profile: Profile) -> None:
        """Keep the profile in place of what was kept. Raises UsageError where it cannot.

        Of two runs that end at the same time, the later one's measurements are kept.
        """
        target = self.file(profile.site, profile.version)
        # Written beside and moved: a reader never sees half a profile.
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(profile_to_json(profile)), encoding="utf-8")
            partial.replace(target)
        except OSError as error:
            raise _unusable(self.folder, error) from error

    def profiles(self) -> list[Profile]:
        """All that are kept, by site and version."""
        return sorted(self._all(), key=lambda p: (p.site, p.version))

    def reset(self, site: str | None = None) -> list[Profile]:
        """Forget what was measured of a site, in all versions of its tools, or of all sites.

        Gives what was forgotten. Raises UsageError where a file cannot be removed.
        """
        forgotten = [p for p in self.profiles() if site is None or p.site == site]
        try:
            for profile in forgotten:
                self.file(profile.site, profile.version).unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(self.folder, error) from error
        return forgotten

    def file(self, site: str, version: str) -> Path:
        """Where the profile of these tools is, or would be."""
        # A site's name is any text; the version alone tells toolsets apart.
        plain = "".join(c if c.isalnum() else "-" for c in site)[:40]
        return self.folder / f"{plain}-{version}.json"

    def _all(self) -> Iterator[Profile]:
        for file in self.folder.glob("*.json"):
            profile = self._read(file)
            if profile is not None and self.file(profile.site, profile.version) == file:
                yield profile

    def _read(self, file: Path) -> Profile | None:
        try:
            return read_profile(json.loads(file.read_text(encoding="utf-8")))
        except _UNREADABLE:
            return None


def find_profiles(env: Mapping[str, str]) -> ProfileStore | None:
    """The store under AGENTJIT_CACHE, else where the user's caches are; None without a home."""
    folder = find_folder(env)
    return ProfileStore(folder / "profiles") if folder else None


def known_profile(store: ProfileStore | None, toolset: Toolset) -> Profile:
    """What is known of these tools; nothing where nothing can be kept."""
    if store is None:
        return Profile(site=toolset.name, version=toolset.version)
    return store.load(toolset.name, toolset.version)


def _unusable(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        f"latency profiles cannot be kept: {error.strerror or error}",
        f"is {folder} yours, and is there room? AGENTJIT_CACHE names another folder",
    )
