"""A page of documentation that runs: its code blocks as files, contracts and commands.

The word after a block's language says what it is. GitHub shows the language only.

* `python NAME.py`: the file's text; blocks of one name are one file.
* `text contract`: contracts, one a line.
* `console`: lines `$ agentjit …`, each with what it prints.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FENCE: Final = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMPT: Final = "$ agentjit "


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code."""

    language: str
    role: str
    text: str
    #: Where the text stands in the page, in characters.
    start: int


def read_blocks(page: str) -> list[Block]:
    """All blocks of a page, in order."""
    found = []
    for match in _FENCE.finditer(page):
        language, _, role = match["info"].partition(" ")
        found.append(Block(language, role.strip(), match["text"], match.start("text")))
    return found


def write_files(blocks: list[Block], folder: Path) -> None:
    """Write the files that the blocks hold, whole."""
    texts: dict[str, str] = {}
    for block in blocks:
        if block.language == "python":
            texts[block.role] = texts.get(block.role, "") + block.text + "\n"
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def read_commands(block: Block) -> list[tuple[list[str], str]]:
    """The arguments of each command, and what the page says that it prints."""
    found = []
    for part in f"\n{block.text}".split(f"\n{_PROMPT}")[1:]:
        command, _, printed = part.partition("\n")
        found.append((shlex.split(command), printed.strip("\n") + "\n"))
    return found


def show_commands(commands: list[tuple[list[str], str]]) -> str:
    """The block's text again."""
    return "\n".join(f"{_PROMPT}{shlex.join(words)}\n{out}" for words, out in commands)
