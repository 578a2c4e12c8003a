"""What model calls cost, in one line."""

from __future__ import annotations

from agentjit.ports import Usage


def show_usage(usage: Usage) -> str:
    """Calls, tokens and money; what is estimated or not known says so."""
    calls = "1 call" if usage.calls == 1 else f"{usage.calls} calls"
    parts = [calls, f"{usage.tokens} tokens"]
    if usage.estimated:
        parts[1] += f" ({usage.estimated} of the calls ended early: theirs are estimated)"
    if usage.unpriced:
        parts.append("price not known")
    elif usage.dollars:
        parts.append(f"${usage.dollars:.4f}")
    return ", ".join(parts)
