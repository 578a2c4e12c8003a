"""What the checker is known to miss: each the least plan that shows it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.compiler.mutation.mutants import Kind, Mutant
from tests.compiler.mutation.plans import Plan


@dataclass(frozen=True, slots=True)
class Gap:
    """A plan that is accepted, and stops in mid-run."""

    name: str
    why: str
    task: str
    text: str

    @property
    def mutant(self) -> Mutant:
        """The plan as something to judge."""
        return Mutant(Plan(self.name, self.task, self.text), Kind.ARGUMENT, self.name, self.text)


GAPS: Final = (
    Gap(
        "another store's cart",
        "the state says whether the cart is empty, not whose items it holds; and a requirement "
        "cannot say `empty, or of the selected store`",
        "add Garlic Fries from Ike's, then Cajun Fries from Popeyes",
        'goto_store("Ike\'s")\nadd_to_cart("Garlic Fries")\ngoto_home()\n'
        'goto_store("Popeyes")\nadd_to_cart("Cajun Fries")\n',
    ),
    Gap(
        "another store's menu",
        "a value that was read does not remember on which store's page",
        "add Garlic Fries from Popeyes",
        'goto_store("Popeyes")\nadd_to_cart("Garlic Fries")\n',
    ),
    Gap(
        "not in the cart",
        "the state says whether the cart is empty, not what it holds",
        "add Garlic Fries from Ike's, take the Cajun Fries out",
        'goto_store("Ike\'s")\nadd_to_cart("Garlic Fries")\nremove_from_cart("Cajun Fries")\n',
    ),
)
