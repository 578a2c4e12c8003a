"""The systems under test by name."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Final

from agentjit.bench.latency.compiled import Compiled
from agentjit.bench.latency.handwritten import Handwritten
from agentjit.bench.latency.outside import Outside
from agentjit.bench.latency.stepping import StepLoop
from agentjit.bench.latency.system import System
from agentjit.bench.rivals.commands import RIVALS, command_of
from agentjit.errors import UsageError

#: Tabs, and copies, of the fixed strategies.
COMPILED: Final = (
    Compiled("jit"),
    Compiled("jit-serial", strategy="serial"),
    Compiled("jit-parallel", strategy="parallel:4"),
    Compiled("jit-hedge", strategy="hedge:2"),
    Compiled("jit-warm", warm=True),
    Compiled("jit-symbolic", planner="symbolic"),
)
LOOPS: Final = (StepLoop("step-loop"), StepLoop("step-loop+tools", with_tools=True))
SCRIPTS: Final = (Handwritten(), Handwritten("recorded-script", recorded=True))

_OURS: Final[tuple[System, ...]] = (*LOOPS, *COMPILED, *SCRIPTS)


def system_names() -> tuple[str, ...]:
    """All names, rivals that are not installed among them."""
    return (*(each.name for each in _OURS), *RIVALS)


def find_systems(names: Sequence[str], programs: Sequence[str] = ()) -> tuple[System, ...]:
    """The systems that are named, each once, and the user's own `NAME=COMMAND`. Raises UsageError.

    `all` are all that are there; rivals only where they are installed.
    """
    known = {each.name: each for each in _OURS}
    chosen: dict[str, System] = {}
    for name in names:
        if name == "all":
            chosen |= known
            chosen |= {each: _rival(each) for each in RIVALS if _installed(each)}
        elif name in known:
            chosen[name] = known[name]
        elif name in RIVALS:
            chosen[name] = _rival(name)
        else:
            raise UsageError(
                f"there is no system {name!r}", f"the systems are {', '.join(system_names())}"
            )
    for program in programs:
        name, equals, command = program.partition("=")
        if not equals or not command.strip():
            raise UsageError(f"{program!r} is no system", "write NAME=COMMAND")
        chosen[name] = Outside(name, tuple(shlex.split(command)))
    return tuple(chosen.values())


def _rival(name: str) -> Outside:
    return Outside(name, command_of(name))


def _installed(name: str) -> bool:
    try:
        command_of(name)
    except UsageError:
        return False
    return True
