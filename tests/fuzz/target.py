"""What is fuzzed: a function that must come to an end, quietly, for any text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One entrance of agentjit, with texts to begin from."""

    name: str
    #: Takes any text. Whatever it raises is a finding, its own assertions included.
    run: Callable[[str], None]
    #: Texts that are worth changing.
    seeds: tuple[str, ...]
    #: Words to put in.
    tokens: tuple[str, ...]
