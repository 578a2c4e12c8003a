"""A record of the network that cannot be kept costs nothing but itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from agentjit.runtime.network import recorded_network
from agentjit.runtime.secrets import Secrets


class _Context:
    """Records nothing, as where the disk is full."""

    def __init__(self) -> None:
        self.tracing = self

    async def start_har(self, path: Path) -> None:
        pass

    async def stop_har(self) -> None:
        pass


async def test_a_record_that_cannot_be_read_costs_no_result(tmp_path: Path) -> None:
    (tmp_path / "network.har").mkdir()
    context: Any = _Context()
    done = False
    async with recorded_network(context, tmp_path / "network.har", Secrets()):
        done = True
    assert done
