"""What the bundled sites put in the way where they are told to: a consent dialog, a survey."""

from __future__ import annotations

from typing import Final

from agentjit.toolspecs.obstacle import Obstacle

OBSTACLES: Final = (
    Obstacle("cookies", "#in-the-way[aria-label=Cookies]", "text=Only necessary ones"),
    Obstacle("survey", "#in-the-way[aria-label=Survey]", "text=Not now"),
)
