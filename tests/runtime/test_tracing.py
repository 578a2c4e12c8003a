"""A trace that cannot be kept costs nothing but itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from agentjit.runtime.secrets import Secrets
from agentjit.runtime.tracing import recorded_trace


class _Context:
    """Records what it is told to."""

    def __init__(self, content: bytes | None) -> None:
        self.tracing = self
        self._content = content

    async def start(self, **_: Any) -> None:
        pass

    async def stop(self, *, path: Path) -> None:
        self._write(path)

    def _write(self, path: Path) -> None:
        if self._content is not None:
            path.write_bytes(self._content)
            return
        with ZipFile(path, "w") as archive:
            archive.writestr("trace.trace", "typed hunter2")
            archive.writestr("resources/page.jpeg", "hunter2, as a picture")


@pytest.mark.parametrize("content", [b"PK", b""])
async def test_a_trace_that_was_cut_off_costs_no_result(tmp_path: Path, content: bytes) -> None:
    context: Any = _Context(content)
    async with recorded_trace(context, tmp_path / "trace.zip", Secrets()):
        pass
    assert not (tmp_path / "trace.part").exists()


async def test_a_trace_that_cannot_be_written_costs_no_result(tmp_path: Path) -> None:
    (tmp_path / "trace.zip").mkdir()
    context: Any = _Context(None)
    async with recorded_trace(context, tmp_path / "trace.zip", Secrets()):
        pass
    assert not (tmp_path / "trace.part").exists(), "it has the values of secrets"


async def test_a_trace_has_no_secrets(tmp_path: Path) -> None:
    context: Any = _Context(None)
    secrets = Secrets(known={"PASSWORD": "hunter2"})
    async with recorded_trace(context, tmp_path / "trace.zip", secrets):
        pass
    with ZipFile(tmp_path / "trace.zip") as archive:
        assert archive.namelist() == ["trace.trace"]
        assert archive.read("trace.trace") == b"typed secret:PASSWORD"
    assert (tmp_path / "trace.zip").stat().st_mode & 0o777 == 0o600
