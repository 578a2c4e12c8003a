"""The scripts that Gomail's tools run in its pages."""

from __future__ import annotations

from typing import Final

from agentjit.sites.common.acting import PageScripts

SCRIPTS: Final = PageScripts("agentjit.sites.gomail", ("in_page.js", "in_letters.js"))

#: Run one function of them, see PageScripts.act.
act = SCRIPTS.act
