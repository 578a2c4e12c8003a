"""Plans that were seen to do their task, kept for the next task of the same form.

One file an entry, in a folder for each version of a toolset, so that tools that changed find
nothing. An entry is signed with a key that lies elsewhere: one that was edited is refused, and
said so. What is found is compiled like any other candidate, against the new task's words.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from agentjit.errors import UsageError
from agentjit.planner.candidate import Candidate, Task, Verdict
from agentjit.planner.select import judge
from agentjit.planner.template import (
    Kind,
    Slot,
    SlotValue,
    Template,
    make_template,
    match,
    rebind,
)
from agentjit.planner.words import name_words, plain_words
from agentjit.toolspecs.jsontypes import records_in
from agentjit.toolspecs.toolset import Toolset

#: The form of an entry; another form is not read.
FORM: Final = 1
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One kept plan."""

    id: str
    toolset: str
    version: str
    template: Template
    #: Where the site stood when the run began.
    start: tuple[tuple[str, Any], ...]
    #: Who wrote the plan, and when its run ended, in seconds since 1970.
    origin: str
    made_at: float
    #: Whether the file is as it was written; a plan of one that is not is never used.
    intact: bool = True

    def to_json(self) -> dict[str, Any]:
        """As JSON data, without its signature."""
        slots = [
            {"kind": s.kind.value, "value": s.value, "lowered": s.lowered}
            for s in self.template.slots
        ]
        return {
            "form": FORM,
            "id": self.id,
            "toolset": self.toolset,
            "version": self.version,
            "task": self.template.show(),
            "fixed": list(self.template.fixed),
            "order": list(self.template.order),
            "slots": slots,
            "start": [list(pair) for pair in self.start],
            "origin": self.origin,
            "made_at": self.made_at,
            "plan": self.template.plan,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """What a search in the cache gave."""

    #: A plan for the task that checks; None where there is none.
    verdict: Verdict | None = None
    #: Entries that would have fitted, but are not as they were written.
    refused: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanCache:
    """The plans kept under one folder. Reading never raises for what lies there; writing does."""

    folder: Path
    #: Entries kept for one version of a toolset; the one that was kept longest ago goes first.
    most: int = 200

    def find(self, task: Task) -> Found:
        """The plan kept for tasks of this form, with this task's values, judged anew."""
        known = vocabulary(task.toolset)
        fitting: list[tuple[int, float, Entry, tuple[SlotValue, ...]]] = []
        changed: list[Entry] = []
        for entry in self._entries_of(task.toolset):
            begins = replace(task, start=entry.start).facts == task.facts
            values = match(entry.template, task.text, known) if begins else None
            if values is not None and entry.intact:
                said = sum(map(len, entry.template.fixed))
                fitting.append((said, entry.made_at, entry, values))
            elif values is not None:
                changed.append(entry)
        for _, _, entry, values in sorted(fitting, key=lambda f: f[:2], reverse=True):
            made = time.strftime("%Y-%m-%d", time.gmtime(entry.made_at))
            candidate = Candidate(
                plan=rebind(entry.template, values),
                origin=f"plan cache ({entry.id})",
                kept_as=entry.id,
                remarks=(f"kept from a verified run of {made}; written by {entry.origin}",),
            )
            verdict = judge(candidate, task)
            if verdict.checked is not None:
                return Found(verdict, tuple(changed))
        return Found(None, tuple(changed))

    def keep(self, task: Task, candidate: Candidate) -> Entry | None:
        """Keep a plan whose run was verified; None where it is no plan for other tasks' words.

        Raises UsageError where the folder cannot be written.
        """
        template = make_template(task.text, candidate.plan, vocabulary(task.toolset))
        if template is None or judge(candidate, task).checked is None:
            return None
        version = task.toolset.version
        told = json.dumps([template.show(), list(map(list, task.start)), version], default=str)
        entry = Entry(
            id=hashlib.sha256(told.encode()).hexdigest()[:12],
            toolset=task.toolset.name,
            version=version,
            template=template,
            start=task.start,
            origin=candidate.origin,
            made_at=round(time.time(), 3),
        )
        self._write(entry)
        return entry

    def entries(self) -> list[Entry]:
        """All that is kept, the newest first."""
        found = [e for file in self.folder.glob("*/*.json") if (e := self._read(file)) is not None]
        return sorted(found, key=lambda e: (-e.made_at, e.id))

    def get(self, beginning: str) -> Entry:
        """The one entry whose id begins so. Raises UsageError."""
        found = [e for e in self.entries() if e.id.startswith(beginning)]
        if len(found) == 1:
            return found[0]
        what = f"{len(found)} kept plans begin with" if found else "no kept plan begins with"
        raise UsageError(f"{what} {beginning!r}", "`agentjit cache list` shows them")

    def forget(self, entry: Entry) -> None:
        """Remove an entry. Raises UsageError where that is not possible."""
        try:
            self._file(entry).unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(self.folder, error) from error

    def _entries_of(self, toolset: Toolset) -> Iterator[Entry]:
        for file in self._home(toolset.name, toolset.version).glob("*.json"):
            entry = self._read(file)
            if entry is not None and entry.version == toolset.version:
                yield entry

    def _home(self, toolset: str, version: str) -> Path:
        # A toolset's name is any text; the version alone tells toolsets apart.
        plain = "".join(c if c.isalnum() else "-" for c in toolset)[:40]
        return self.folder / f"{plain}-{version}"

    def _file(self, entry: Entry) -> Path:
        return self._home(entry.toolset, entry.version) / f"{entry.id}.json"

    def _write(self, entry: Entry) -> None:
        data = entry.to_json()
        target = self._file(entry)
        # Written beside and moved: a reader never sees half an entry.
        partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            signed = {**data, "signature": _sign(data, self._key(make=True))}
            partial.write_text(json.dumps(signed, ensure_ascii=False, indent=1), encoding="utf-8")
            partial.replace(target)
            self._drop_oldest(target.parent)
        except OSError as error:
            raise _unusable(self.folder, error) from error

    def _drop_oldest(self, home: Path) -> None:
        files = sorted(home.glob("*.json"), key=lambda f: f.stat().st_mtime, reverse=True)
        for file in files[self.most :]:
            file.unlink(missing_ok=True)

    def _read(self, file: Path) -> Entry | None:
        """An entry; None for what is none. One that was changed is told as not intact."""
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            signature = data.pop("signature")
            entry = _entry(data)
            key = self._key()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        signed = key is not None and hmac.compare_digest(_sign(data, key), str(signature))
        # An entry that was moved answers for another task or another toolset.
        return replace(entry, intact=signed and self._file(entry) == file)

    def _key(self, *, make: bool = False) -> bytes | None:
        """The key that entries are signed with: it lies beside the folder, for its owner alone."""
        file = self.folder.with_name(f"{self.folder.name}.key")
        try:
            return file.read_bytes()
        except FileNotFoundError:
            if not make:
                return None
        fresh = secrets.token_bytes(_KEY_BYTES)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(fresh)
        return fresh


def find_cache(env: Mapping[str, str]) -> PlanCache | None:
    """The cache under AGENTJIT_CACHE, else where the user's caches are; None without a home."""
    folder = find_folder(env)
    return PlanCache(folder / "plans") if folder else None


def find_folder(env: Mapping[str, str]) -> Path | None:
    """The folder for all that agentjit keeps between sessions; None where there is no home."""
    home = env.get("HOME") or env.get("USERPROFILE")
    caches = env.get("XDG_CACHE_HOME") or (Path(home) / ".cache" if home else None)
    folder = env.get("AGENTJIT_CACHE") or (Path(caches) / "agentjit" if caches else None)
    return Path(folder).absolute() if folder else None


def vocabulary(toolset: Toolset) -> frozenset[str]:
    """The words that a toolset's own texts use: their meaning may be more than a value's."""
    found: set[str] = set()
    for tool in toolset.tools:
        found |= {*name_words(tool.name), *plain_words(tool.doc)}
        found.update(w for p in tool.params for w in name_words(p.name))
        found.update(
            w for r in records_in(tool.returns) for f in r.fields for w in name_words(f.name)
        )
    return frozenset(found)


def _entry(data: Mapping[str, Any]) -> Entry:
    """Raises ValueError, KeyError or TypeError for what is no entry."""
    if data["form"] != FORM:
        raise ValueError(data["form"])
    slots = tuple(Slot(Kind(s["kind"]), s["value"], s["lowered"]) for s in data["slots"])
    order = tuple(int(number) for number in data["order"])
    fixed = tuple(str(part) for part in data["fixed"])
    if len(fixed) != len(order) + 1 or set(order) != set(range(len(slots))):
        raise ValueError(order)
    return Entry(
        id=str(data["id"]),
        toolset=str(data["toolset"]),
        version=str(data["version"]),
        template=Template(fixed, order, slots, str(data["plan"])),
        start=tuple((str(name), value) for name, value in data["start"]),
        origin=str(data["origin"]),
        made_at=float(data["made_at"]),
    )


def _sign(data: Mapping[str, Any], key: bytes | None) -> str:
    told = json.dumps(data, sort_keys=True, ensure_ascii=False).encode()
    return hmac.new(key or b"", told, hashlib.sha256).hexdigest()


def _unusable(folder: Path, error: OSError) -> UsageError:
    return UsageError(
        f"the plan cache cannot be written: {error.strerror or error}",
        f"is {folder} yours, and is there room? AGENTJIT_CACHE names another folder",
    )
