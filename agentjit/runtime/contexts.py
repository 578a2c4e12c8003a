"""From a running browser to a context of its own for one account, inside the fence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from playwright.async_api import ProxySettings

from agentjit.runtime.accounts import Account
from agentjit.runtime.fence import Fence

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, StorageState

_NO_PACKETS: Final = """for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection",
  "RTCIceTransport", "WebTransport"]) delete globalThis[name];"""


async def open_context(
    browser: Browser,
    fence: Fence,
    *,
    base_url: str | None = None,
    account: Account | None = None,
    foreign: bool = False,
) -> BrowserContext:
    """A context whose requests to any but the allowed origins end at the fence.

    A `foreign` browser was started without the flags that keep WebRTC behind its proxy, so its
    pages have none. Nothing is in the context but what the account has: they share no storage.
    """
    bypass = fence.allowed.proxy_bypass()
    state = cast("StorageState", dict(account.state)) if account is not None else None
    context = await browser.new_context(
        storage_state=state,
        base_url=base_url,
        proxy=ProxySettings(server=fence.address, bypass=bypass),
        # A worker would outlive its page, and answer for the site.
        service_workers="block",
    )
    if foreign:
        await context.add_init_script(_NO_PACKETS)
    return context
