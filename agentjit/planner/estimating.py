"""How many tokens a text is, where nobody has counted them: rather too many than too few."""

from __future__ import annotations

from agentjit.ports import Prompt


def estimate_tokens(text: str) -> int:
    """Tokens of a text, at three bytes each."""
    return -(-len(text.encode(errors="replace")) // 3)


def estimate_prompt(prompt: Prompt) -> int:
    """Tokens of a request."""
    return sum(estimate_tokens(message["content"]) + 4 for message in prompt.messages)
