"""A live Reddit in both layouts, one browser for all tests of it, and somebody who visits."""

from __future__ import annotations

from tests.sites.living import live_site, one_browser, one_tab, somebody
from tests.sites.reddit.visitor import Visitor

address = live_site("reddit")
browser = one_browser()
tab = one_tab()
visitor = somebody(Visitor, name="visitor")
