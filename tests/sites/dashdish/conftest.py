"""A live Dashdish in both layouts, one browser for all tests of it, and somebody who orders."""

from __future__ import annotations

from tests.sites.dashdish.customer import Customer
from tests.sites.living import live_site, one_browser, one_tab, somebody

address = live_site("dashdish")
browser = one_browser()
tab = one_tab()
customer = somebody(Customer, name="customer")
