"""What breaks and what to write instead, for the code of each diagnostic about a plan.

The plans are written against the bundled dashdish; a test checks both sides of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Illustration:
    """A text that gets the diagnostic, and one that does not."""

    breaks: str
    instead: str
    #: The task that the plan is for, where the diagnostic is about it.
    task: str | None = None


PLANS: Final = {
    "plan-syntax": Illustration(
        'goto_store("Taco Bell"\nlist_menu_items()',
        'goto_store("Taco Bell")\nlist_menu_items()',
    ),
    "plan-too-large": Illustration(
        "result = len(" + "[" * 20 + "list_all_stores()" + "]" * 20 + ")",
        "result = len(list_all_stores())",
    ),
    "outside-language": Illustration(
        "import statistics\nstores = list_all_stores()\n"
        'result = statistics.mean(s["rating"] for s in stores)',
        "stores = list_all_stores()\n"
        'ratings = [s["rating"] for s in stores if s["rating"] is not None]\n'
        "result = sum(ratings) / len(ratings) if ratings else None",
    ),
    "unknown-function": Illustration(
        'open_store("Taco Bell")',
        'goto_store("Taco Bell")',
    ),
    "bad-arguments": Illustration(
        'goto_store(name="Taco Bell")',
        'goto_store(store_name="Taco Bell")',
    ),
    "shadowed-name": Illustration(
        "list = list_all_stores()",
        "stores = list_all_stores()",
    ),
    "hidden-call": Illustration(
        "def first():\n    return list_all_stores()[0]\n\nresult = first()",
        "def first(stores):\n    return stores[0]\n\nresult = first(list_all_stores())",
    ),
    "mutation-in-expression": Illustration(
        'names = ["Taco Bell"]\nresult = [names.pop(), len(list_all_stores())]',
        'names = ["Taco Bell"]\nname = names.pop()\nresult = [name, len(list_all_stores())]',
    ),
    "changed-while-looping": Illustration(
        'names = ["Taco Bell"]\nfor name in names:\n    goto_store(name)\n'
        '    goto_home()\n    names.append("again")',
        'names = ["Taco Bell"]\nfor name in list(names):\n    goto_store(name)\n'
        '    goto_home()\n    names.append("again")',
    ),
    "type-mismatch": Illustration(
        "goto_store(list_all_stores()[0])",
        'goto_store(list_all_stores()[0]["name"])',
    ),
    "precondition-not-met": Illustration(
        "items = list_menu_items()",
        'goto_store("Taco Bell")\nitems = list_menu_items()',
    ),
    "invented-argument": Illustration(
        'goto_store("Burger Palace")',
        'goto_store("Taco Bell")',
        task="show me Taco Bell",
    ),
    "plan-does-nothing": Illustration(
        'result = "Taco Bell"',
        'result = [s["name"] for s in list_all_stores()]',
    ),
    "unassigned-name": Illustration(
        'for name in ["Taco Bell", "Souvla"]:\n    goto_home()\n    goto_store(name)\n'
        "    result = len(items)\n    items = list_menu_items()",
        'for name in ["Taco Bell", "Souvla"]:\n    goto_home()\n    goto_store(name)\n'
        "    items = list_menu_items()\n    result = len(items)",
    ),
    "possibly-unassigned": Illustration(
        'for store in list_all_stores():\n    if store["offers_delivery"]:\n'
        '        found = store["name"]\nresult = found',
        'found = None\nfor store in list_all_stores():\n    if store["offers_delivery"]:\n'
        '        found = store["name"]\nresult = found',
    ),
}
