"""Whether a site has signed the account out is looked for, and not waited for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from agentjit.runtime import signing
from agentjit.runtime.signing import is_signed_out
from tests.runtime.pretend import TOOLSET


class _Stuck:
    """A page whose own script never ends."""

    @property
    def first(self) -> _Stuck:
        return self

    def locator(self, _: str) -> _Stuck:
        return self

    async def is_visible(self) -> bool:
        await asyncio.Event().wait()
        return True


async def test_a_page_that_answers_nothing_holds_no_run_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "LOOK_SECONDS", 0.01)
    page: Any = _Stuck()
    async with asyncio.timeout(5):
        assert not await is_signed_out(page, replace(TOOLSET, signed_out="#sign-in"))
