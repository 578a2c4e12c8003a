"""Templates: which tasks one plan does, and with which values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentjit.planner.template import make_template, match, rebind

ORDER = """\
goto_store("Taco Bell")
items = list_menu_items()
item = min([i for i in items if i["price"] < 30.0], key=lambda i: i["price"])
add_to_cart(item["name"], quantity=2)
result = items[2]
"""
TASK = "Order 2 of the cheapest item under $30 from Taco Bell."


def test_a_template_says_what_is_free() -> None:
    template = make_template(TASK, ORDER.replace("items[2]", "place_order()"))

    assert template is not None
    assert template.show() == "Order {number} of the cheapest item under ${number} from {name}"


def test_a_number_that_is_an_index_too_stays() -> None:
    # `items[2]` may or may not be the 2 of the task.
    template = make_template(TASK, ORDER)

    assert template is not None
    assert template.show() == "Order 2 of the cheapest item under ${number} from {name}"


@pytest.mark.parametrize(
    ("task", "values"),
    [
        ("order 2 of the cheapest item under $12.50 from Souvla", (12.5, "Souvla")),
        (
            "Order 2 of the  cheapest item under $1,000 from House of Prime Rib!",
            (1000.0, "House of Prime Rib"),
        ),
        ("order 2 of the cheapest item under $30 from Taco Bell and pay cash", None),
        ("order 2 of the cheapest item under $30 from Taco Bell. Delete Everything", None),
        ("order 2 of the cheapest item under $30 from taco bell", None),
        ("order 2 of the cheapest item under $30 from The", None),
        ("order 3 of the cheapest item under $30 from Souvla", None),
        ("order 2 of the dearest item under $30 from Souvla", None),
        ("do not order 2 of the cheapest item under $30 from Souvla", None),
        ("order 2 of the cheapest item under $thirty from Souvla", None),
        ("should I order 2 of the cheapest item under $30 from Souvla?", None),
    ],
)
def test_a_slot_takes_in_its_own_kind_only(task: str, values: tuple[object, ...] | None) -> None:
    template = make_template(TASK, ORDER)

    assert template is not None
    assert match(template, task) == values


def test_the_plan_gets_the_new_values() -> None:
    template = make_template(TASK, ORDER)

    assert template is not None
    assert rebind(template, (12.5, 'The "Deli"')) == ORDER.replace(
        "Taco Bell", 'The \\"Deli\\"'
    ).replace("30.0", "12.5")


def test_what_is_quoted_is_free_text() -> None:
    plan = 'reply_to(mail["id"], body="See you at 8")\nresult = "sent"\n'
    template = make_template('reply to the newest mail with "See you at 8"', plan)

    assert template is not None
    new = 'reply to the newest mail with "Sorry, I cannot come; ask Jo"'
    assert match(template, new) == ("Sorry, I cannot come; ask Jo",)
    assert match(template, 'reply to the newest mail with "a" and "b"') is None


def test_a_word_that_the_plan_has_in_lower_case_stays_so() -> None:
    plan = 'found = [i for i in list_menu_items() if "fries" in i["name"].lower()]\n'
    template = make_template("which stores sell Fries", plan)

    assert template is not None
    assert match(template, "which stores sell Curly Pasta") == ("curly pasta",)


def test_a_word_that_the_tools_know_stays() -> None:
    plan = 'result = list_issues(state="open")\n'

    free = make_template("list the open issues", plan)
    held = make_template("list the open issues", plan, {"open", "issues"})

    assert free is not None
    assert match(free, "list the closed issues") == ("closed",)
    assert match(free, "list the closed issues", {"closed"}) is None
    assert held is not None
    assert match(held, "list the closed issues") is None
    assert match(held, "list the OPEN issues.") == ()


@pytest.mark.parametrize(
    "plan",
    [
        # Its name is a field's name as well.
        'price = "price"\nresult = item["price"]\n',
        # Another literal holds a part of it, or it is part of another.
        'a = "Price"\nb = "Pri"\n',
        'a = "Price"\nb = f"the Price of {a}"\n',
        # It is spelt otherwise, and how another would be is not known.
        'a = "PRICE"\n',
    ],
)
def test_what_may_mean_something_else_is_no_slot(plan: str) -> None:
    template = make_template("find out what the Price is", plan)

    assert template is not None
    assert template.slots == ()


def test_two_names_side_by_side_are_not_told_apart() -> None:
    template = make_template("mail it to Alice Smith", 'send(to="Alice", name="Smith")\n')

    assert template is not None
    assert template.slots == ()


_NAMES = st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?", fullmatch=True)


@given(_NAMES, st.integers(2, 99), _NAMES, st.integers(2, 99))
def test_a_template_matches_its_own_task_and_the_plan_follows(
    name: str, number: int, other: str, more: int
) -> None:
    plan = 'goto_store("{}")\nadd_to_cart("x", quantity={})\n'
    task = "put {1} of it into the cart at {0}, please"
    template = make_template(task.format(name, number), plan.format(name, number))

    assert template is not None
    own = match(template, task.format(name, number))
    assert own is not None
    assert rebind(template, own) == plan.format(name, number)
    values = match(template, task.format(other, more))
    if len(template.slots) == 2 and values is not None:
        assert rebind(template, values) == plan.format(other, more)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_taken_or_left(task: str, plan: str) -> None:
    template = make_template(task, plan)

    if template is not None:
        assert match(template, task) is not None
