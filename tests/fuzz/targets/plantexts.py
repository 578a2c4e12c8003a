"""Plans to begin from: the golden ones and random ones, and the words that they are made of."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from tests.compiler.cases import cases_in
from tests.compiler.programs import random_plan
from tests.compiler.shop import SHOP
from tests.compiler.toolsets import random_toolset

TASK: Final = "order a taco from Taco Bell"

GOLDEN: Final = tuple(
    case.source.text for folder in ("accepted", "rejected") for case in cases_in(folder)
)
RANDOM: Final = tuple(
    random_plan(random_toolset(chance), chance) for chance in map(Random, range(20))
)
#: Of the kinds that cost the most for their length.
LARGE: Final = (
    "x = '0'\n" + "if x:\n    y = x\nelse:\n    y = '1'\n" * 300,
    "".join(f"n{i} = list_stores()\n" for i in range(150)) + "goto_store(n1[0]['name'])\n" * 40,
    "for s in list_stores():\n    goto_store(s['name'])\n    goto_home()\n" * 60,
    "x = [y for y in [1] if " + " and ".join(["y"] * 150) + "]\n",
)
PLANS: Final = (*GOLDEN, *RANDOM)

_WORDS: Final = re.compile(r"\w+|[^\w\s]+")
_PYTHON: Final = """
    and as assert async await break class continue def del elif else except finally for from global
    if import in is lambda match case nonlocal not or pass raise return try while with yield type
    True False None := -> ** // << >> ... f'{ } @ \\ ; : , . = == != [] {} () 0x1f 1e999 1j b'' '''
""".split()
TOKENS: Final = tuple(
    sorted({w for plan in GOLDEN for w in _WORDS.findall(plan)} | set(SHOP.by_name) | set(_PYTHON))
)
