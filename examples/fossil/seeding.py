"""A fresh Fossil repository, the same each time: its artifacts as files, rebuilt by Fossil itself.

`fossil reconstruct` makes a repository of a folder of artifacts. Their format is public and plain
text: cards of one letter in alphabetical order, and a checksum at the end. Fixed dates make fixed
artifacts, which neither Fossil's web pages nor its other commands could do.
"""

from __future__ import annotations

import hashlib
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

START: Final = Path(__file__).with_name("start.toml")

#: Who owns the repository and wrote the start data, and who the tools sign in as.
OWNER: Final = "keeper"
USER: Final = "robin"
PASSWORD: Final = "for-loopback-only"  # noqa: S105 - of a repository that lives for a test

#: Read, write, attach to and open tickets; read, edit and create wiki pages; post, and be believed.
USER_MAY: Final = "ghjkfrnwc234"
#: Whoever is not signed in may read everything, the forum too, and follow links.
NOBODY_MAY: Final = "ghjr2"

_SETTINGS: Final = (
    # No one is let in because they call from this machine.
    ("localauth", "0"),
    # Its housekeeping would outlive the server by a minute.
    ("backoffice-disable", "1"),
)


def make_repository(folder: Path) -> Path:
    """A repository with the start data, in `folder`. Raises CalledProcessError."""
    artifacts = folder / "artifacts"
    artifacts.mkdir()
    for text in _artifacts(tomllib.loads(START.read_text("utf-8"))):
        (artifacts / _name(text)).write_text(text, "utf-8")
    repository = folder / "start.fossil"
    _fossil(folder, "reconstruct", str(repository), str(artifacts))
    _fossil(folder, "user", "new", USER, "", PASSWORD, "-R", str(repository))
    for who, may in ((USER, USER_MAY), ("nobody", NOBODY_MAY)):
        _fossil(folder, "user", "capabilities", who, may, "-R", str(repository))
    for name, value in _SETTINGS:
        _fossil(folder, "settings", name, value, "-R", str(repository))
    return repository


def fossil_environment(folder: Path) -> dict[str, str]:
    """Fossil keeps a file in HOME, and asks who it works for; nothing else is its business."""
    return {"HOME": str(folder), "USER": OWNER, "PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": "UTC"}


def _fossil(folder: Path, *words: str) -> None:
    subprocess.run(
        ("fossil", *words),
        cwd=folder,
        env=fossil_environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=60,
    )


def _artifacts(start: dict[str, Any]) -> Iterator[str]:
    """Every artifact of the start data, an hour after the one before it."""
    moment = datetime(2020, 1, 6, 8, tzinfo=UTC)
    for ticket in start["tickets"]:
        moment += timedelta(hours=1)
        identity = hashlib.sha1(ticket["title"].encode(), usedforsecurity=False).hexdigest()
        cards = [f"J {name} {_quote(value)}" for name, value in sorted(ticket.items())]
        yield _sign(moment, [*cards, f"K {identity}", f"U {OWNER}"])
    for page in start["wiki"]:
        moment += timedelta(hours=1)
        text = page["text"].lstrip()
        yield _sign(moment, [f"L {_quote(page['name'])}", *_words(text, OWNER)])
    for thread in start["threads"]:
        root = parent = ""
        for post in thread["posts"]:
            moment += timedelta(hours=1)
            above = [f"G {root}", f"I {parent}"] if root else [f"H {_quote(thread['title'])}"]
            text = _sign(moment, [*above, *_words(post["text"], post["author"])])
            yield text
            parent = _name(text)
            root = root or parent


def _words(text: str, author: str) -> list[str]:
    return ["N text/x-markdown", f"U {author}", f"W {len(text.encode())}", text]


def _sign(moment: datetime, cards: list[str]) -> str:
    lines = [f"D {moment:%Y-%m-%dT%H:%M:%S.000}", *cards]
    text = "".join(f"{line}\n" for line in lines)
    checksum = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return f"{text}Z {checksum}\n"


def _name(text: str) -> str:
    return hashlib.sha3_256(text.encode()).hexdigest()


def _quote(text: str) -> str:
    return text.replace("\\", "\\\\").replace(" ", "\\s").replace("\n", "\\n")
