"""The catalogue: what is promised about it under every seed, and what tasks count on."""

from __future__ import annotations

import pytest

from agentjit.sites.dashdish.catalogue import Catalogue, catalogue
from agentjit.sites.dashdish.drawings import DRAWINGS
from agentjit.sites.dashdish.stock import load_stock

SEEDS = range(21)

#: What tasks name: it has to be there, by this name, under every seed.
NAMED = {
    "DragonEats": ["Mushroom Swiss Burger"],
    "Ike's": ["Garlic Fries"],
    "Man vs. Fries": ["Loaded Bacon Cheese Fries", "Plain Fries"],
    "Mashaallah Halal Food Pakistani Food": ["Chicken Biryani"],
    "McDonald's": ["World Famous Fries"],
    "Papa Johns Pizza": ["Pepperoni Pizza"],
    "Popeyes": ["Cajun Fries"],
    "RT Rotisserie": ["Classic Cheeseburger", "Rotisserie Chicken Sandwich"],
    "Souvla": ["Bacon Double Cheeseburger", "Classic Cheeseburger"],
    "Stonemill Matcha": [
        "Ceremonial Matcha Latte",
        "Matcha Croissant",
        "Mochi Set",
        "Regular Iced Matcha Latte",
    ],
    "Taco Bell": ["Classic Cheeseburger"],
    "Wingstop": ["Lemon Pepper Wings", "Seasoned Fries"],
    "Gambinos New York Subs": [],
    "Petco": [],
    "Taco Boys": [],
}


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def found(request: pytest.FixtureRequest) -> Catalogue:
    return catalogue(request.param)


def test_there_is_enough_to_choose_from() -> None:
    plain = catalogue(0)
    assert len(plain.stores) >= 40
    assert sum(1 for store in plain.stores for _ in store.items()) >= 300
    assert all(store.reviews and store.menu for store in plain.stores)
    assert all(item.art in DRAWINGS for store in plain.stores for item in store.items())


def test_no_price_is_lowest_or_highest_twice(found: Catalogue) -> None:
    for store in found.stores:
        prices = sorted(item.cents for item in store.items())
        assert prices[0] < prices[1], store.name
        assert prices[-2] < prices[-1], store.name


def test_the_cheapest_and_the_dearest_can_be_had(found: Catalogue) -> None:
    for store in found.stores:
        by_price = sorted(store.items(), key=lambda item: item.cents)
        assert not by_price[0].sold_out
        assert not by_price[-1].sold_out


def test_names_are_unique_where_they_have_to_be(found: Catalogue) -> None:
    assert len({store.name for store in found.stores}) == len(found.stores)
    for store in found.stores:
        names = [item.name.casefold() for item in store.items()]
        assert len(set(names)) == len(names), store.name
        options = [(g.title, c.label) for i in store.items() for g in i.options for c in g.choices]
        assert all(label.strip() for _, label in options)


def test_no_two_stores_share_a_rating_or_a_review_count(found: Catalogue) -> None:
    assert len({store.rating for store in found.stores}) == len(found.stores)
    assert len({store.review_count for store in found.stores}) == len(found.stores)


def test_what_tasks_name_is_there_and_can_be_had(found: Catalogue) -> None:
    for store_id, wanted in NAMED.items():
        store = next(s for s in found.stores if s.name == store_id)
        assert store.delivers
        assert store.picks_up
        there = {item.name for item in store.items() if not item.sold_out}
        assert there >= set(wanted), store.name


def test_a_section_promises_what_its_stores_keep(found: Catalogue) -> None:
    cheap = found.in_category("Under $1 delivery fee")
    assert cheap == tuple(store for store in found.stores if store.fee_cents < 100)
    assert len(found.in_category("Costume party ready")) == 5
    assert len(found.in_category("Light & fresh")) == 8


def test_the_first_section_leads_the_list(found: Catalogue) -> None:
    first = found.in_category(found.categories[0].title)
    assert found.stores[:3] == first[:3]


def test_the_unshuffled_site_is_as_tasks_know_it() -> None:
    plain = catalogue(0)
    assert [s.name for s in plain.stores[:3]] == [
        "Gambinos New York Subs",
        "Wingstop",
        "Man vs. Fries",
    ]
    assert [c.title for c in plain.categories[:3]] == [
        "Under $1 delivery fee",
        "Best of lunch",
        "The Infatuation's picks",
    ]
    assert sum(s.delivers for s in plain.in_category("Light & fresh")) == 5
    biryani = next(
        item
        for item in plain.by_id["mashaallah-halal-food-pakistani-food"].items()
        if item.name == "Chicken Biryani"
    )
    assert biryani.cents == 1711


def test_every_seed_has_another_cheapest_item_at_taco_bell() -> None:
    def cheapest(seed: int) -> str:
        items = catalogue(seed).by_id["taco-bell"].items()
        return min(items, key=lambda item: item.cents).name

    assert len({cheapest(seed) for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize("store_id", [s.id for s in catalogue(0).stores])
def test_the_cheapest_item_moves_with_the_seed_in_every_store(store_id: str) -> None:
    names = {
        min(catalogue(seed).by_id[store_id].items(), key=lambda item: item.cents).name
        for seed in SEEDS
    }
    assert len(names) >= 6


def test_a_seed_gives_the_same_site_every_time() -> None:
    catalogue.cache_clear()
    first = catalogue(4)
    catalogue.cache_clear()
    assert catalogue(4) == first
    assert catalogue(5) != first


def test_search_finds_every_word_in_name_cuisine_or_menu() -> None:
    plain = catalogue(0)
    assert [s.name for s in plain.search("taco bell")] == ["Taco Bell"]
    assert "Ramen Kettle" in [s.name for s in plain.search("RAMEN")]
    assert {s.name for s in plain.search("fries")} >= {"Ike's", "Popeyes", "Wingstop"}
    assert plain.search("no such thing") == ()
    assert plain.search("") == plain.stores


def test_variants_of_a_name_never_collide_in_a_store() -> None:
    for store in load_stock().stores:
        names = [name for item in store.items() for name in item.names]
        assert len(set(names)) == len(names), store.name
        assert not any(mark in name for name in names for mark in "{}/"), store.name
