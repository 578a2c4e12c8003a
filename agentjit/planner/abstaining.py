"""Abstaining: no plan rather than a guess, and the reason in words."""

from __future__ import annotations

from agentjit.errors import PlanningError


class Abstained(PlanningError):
    """The symbolic planner will not guess."""

    code = "abstained"
    remedy = "say what the message asks for, or let a model plan: set OPENAI_API_KEY"
