"""What models cost: a table of prices, and a reader of tables that a user gives."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agentjit.errors import UsageError
from agentjit.ports import Usage

_LOOKS_LIKE: Final = '["openai/gpt-4.1"]\n    input = 2.0\n    output = 8.0'


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens. Cached prompts are charged in full: it is an upper bound."""

    input: float
    output: float

    def charge(self, usage: Usage) -> float:
        """What the tokens cost, in dollars."""
        return (usage.prompt_tokens * self.input + usage.completion_tokens * self.output) / 1e6


#: For endpoints on this machine.
FREE: Final = Price(0.0, 0.0)

#: List prices of 2025. They change: `--prices FILE` goes before them.
PRICES: Final[Mapping[str, Price]] = {
    "openai/gpt-4.1": Price(2.00, 8.00),
    "openai/gpt-4.1-mini": Price(0.40, 1.60),
    "openai/gpt-4.1-nano": Price(0.10, 0.40),
    "openai/gpt-4o": Price(2.50, 10.00),
    "openai/gpt-4o-mini": Price(0.15, 0.60),
    "openai/gpt-5": Price(1.25, 10.00),
    "openai/gpt-5-mini": Price(0.25, 2.00),
    "openai/gpt-5-nano": Price(0.05, 0.40),
    "openai/o3": Price(2.00, 8.00),
    "openai/o4-mini": Price(1.10, 4.40),
}


def load_prices(path: Path) -> Mapping[str, Price]:
    """The table in a TOML file. Raises UsageError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read the prices in {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}", f"it looks like {_LOOKS_LIKE}") from error
    return {name: _read_price(name, entry, path) for name, entry in data.items()}


def _read_price(name: str, entry: Any, path: Path) -> Price:
    match entry:
        case {"input": given, "output": taken, **rest} if not rest:
            if _is_amount(given) and _is_amount(taken):
                return Price(float(given), float(taken))
    raise UsageError(
        f"{path}: the price of {name!r} is not two numbers, dollars for a million tokens",
        f"it looks like {_LOOKS_LIKE}",
    )


def _is_amount(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and value >= 0
