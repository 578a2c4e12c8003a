"""What the bundled sites put in the way where they are told to: dialogs, and signing in again."""

from __future__ import annotations

from typing import Final

from agentjit.toolspecs.obstacle import Obstacle

#: The page of a session that has expired.
SIGNED_OUT: Final = "#session-expired"

OBSTACLES: Final = (
    Obstacle("cookies", "#in-the-way[aria-label=Cookies]", "text=Only necessary ones"),
    Obstacle("survey", "#in-the-way[aria-label=Survey]", "text=Not now"),
)
