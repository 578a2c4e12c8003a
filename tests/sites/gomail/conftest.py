"""A live Gomail in both layouts, one browser for all tests of it, and a mailbox's owner."""

from __future__ import annotations

from tests.sites.gomail.correspondent import Correspondent
from tests.sites.gomail.uses import TODAY
from tests.sites.living import live_site, one_browser, one_tab, somebody

address = live_site("gomail", today=TODAY.isoformat())
browser = one_browser()
tab = one_tab()
sam = somebody(Correspondent, name="sam")
