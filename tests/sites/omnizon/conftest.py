"""A live Omnizon in both layouts, one browser for all tests of it, and somebody who shops."""

from __future__ import annotations

from tests.sites.living import live_site, one_browser, one_tab, somebody
from tests.sites.omnizon.shopper import TODAY, Shopper

address = live_site("omnizon", today=TODAY)
browser = one_browser()
tab = one_tab()
shopper = somebody(Shopper, name="shopper")
