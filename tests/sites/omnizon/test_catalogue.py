"""The shop: what is promised about it under every seed, and what tasks count on."""

from __future__ import annotations

import pytest

from agentjit.sites.omnizon.catalogue import CATEGORIES, Catalogue, catalogue
from agentjit.sites.omnizon.drawings import DRAWINGS
from agentjit.sites.omnizon.opinions import opinions_of
from agentjit.sites.omnizon.searching import Wish, find, suggest
from agentjit.sites.omnizon.stock import load_wares

SEEDS = range(21)

#: Words that tasks search for -> the numbers of which one has to come first.
LEADERS = {
    "PlayStation DualSense": {"16"},
    "PS5 gaming controllers": {"16"},
    "laptop": {"31"},
    "Marshall Emberton II Portable Bluetooth Speaker": {"15"},
    "Michael Kors Oversized Slim Runway Men's Watch": {"61"},
    "sports balls": {"114"},
    "40 inch desk": {"159"},
    "neck pillow": {"167", "170"},
    "cooking pot": {"212", "215"},
    "stainless steel cooking pot": {"212"},
    "apron": {"91"},
    "silverware set": {"230"},
}


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def shop(request: pytest.FixtureRequest) -> Catalogue:
    return catalogue(request.param)


def _names(shop: Catalogue, words: str) -> list[str]:
    return [product.name for product in find(shop, Wish(words=words))]


def test_there_is_enough_to_choose_from() -> None:
    plain = catalogue(0)
    assert len(plain.products) >= 500
    assert all(len(plain.on_shelf(category)) >= 5 for category in CATEGORIES)
    assert all(product.ware.shelves[0] in CATEGORIES for product in plain.products)
    assert {shelf for p in plain.products for shelf in p.ware.shelves} == set(CATEGORIES)
    assert all(product.ware.art in DRAWINGS for product in plain.products)


def test_no_two_wares_share_a_name_or_a_number() -> None:
    wares = load_wares()
    assert len({ware.id for ware in wares}) == len(wares)
    assert len({ware.name.casefold() for ware in wares}) == len(wares)
    assert all(ware.colors and len({*ware.colors}) == len(ware.colors) for ware in wares)


def test_no_two_products_cost_the_same(shop: Catalogue) -> None:
    assert len({product.cents for product in shop.products}) == len(shop.products)
    assert all(product.cents > 0 for product in shop.products)
    assert all(p.was_cents == 0 or p.was_cents > p.cents for p in shop.products)


@pytest.mark.parametrize("words", LEADERS)
def test_what_tasks_search_for_comes_first_and_can_be_had(shop: Catalogue, words: str) -> None:
    first = find(shop, Wish(words=words))[0]
    assert first.id in LEADERS[words]
    assert first.in_stock


def test_the_first_phones_are_those_that_a_grader_knows(shop: Catalogue) -> None:
    first = find(shop, Wish(words="smartphones"))[:3]
    assert {product.id for product in first} == {"21", "22", "23"}


def test_one_coffee_maker_has_a_touchscreen(shop: Catalogue) -> None:
    told = [p.facts["Touchscreen"] for p in shop.products if "Touchscreen" in p.facts]
    assert sorted(told) == ["No", "No", "No", "Yes"]


def test_the_cheapest_espresso_machine_is_the_one_that_a_grader_knows(shop: Catalogue) -> None:
    machines = find(shop, Wish(words="Automatic Espresso Machine"))
    assert len(machines) >= 5
    assert min(machines, key=lambda product: product.cents).id == "51"


def test_gaming_headphones_chairs_and_beds_can_be_had_as_tasks_ask(shop: Catalogue) -> None:
    gaming = [p for p in find(shop, Wish(words="gaming")) if p.cents < 10_000]
    assert any(p.in_stock and "Gaming" in p.ware.shelves for p in gaming)
    phones = find(shop, Wish(words="headphones"))
    assert any(p.in_stock and 2_400 < p.cents < 10_000 for p in phones)
    assert any(p.cents > 10_000 for p in phones)
    for words in ("office chair", "queen size bed frame"):
        assert any(product.in_stock for product in find(shop, Wish(words=words)))


def test_what_is_first_in_a_category_moves_with_the_seed() -> None:
    for category in CATEGORIES:
        firsts = {catalogue(seed).on_shelf(category)[0].id for seed in SEEDS}
        assert len(firsts) >= 5, category
    screens = {
        product.id
        for seed in SEEDS
        for product in catalogue(seed).products
        if product.facts.get("Touchscreen") == "Yes"
    }
    assert len(screens) == 4


def test_some_of_the_shop_is_sold_out_and_nothing_that_tasks_name(shop: Catalogue) -> None:
    out = [product for product in shop.products if not product.in_stock]
    assert 5 < len(out) < 50
    assert not any(product.ware.named for product in out)


def test_a_seed_gives_the_same_shop_every_time() -> None:
    catalogue.cache_clear()
    first = catalogue(4)
    catalogue.cache_clear()
    assert catalogue(4) == first
    assert catalogue(5) != first


def test_a_search_needs_every_word_whatever_case_and_plural() -> None:
    plain = catalogue(0)
    assert _names(plain, "SMARTPHONES") == _names(plain, "smartphone")
    assert all("kettle" in name.casefold() for name in _names(plain, "electric kettle"))
    assert _names(plain, "electric unicorn kettle") == []
    assert _names(plain, "") == [product.name for product in plain.products]
    assert _names(plain, "!?") == []


def test_suggestions_are_few_and_begin_as_typed() -> None:
    assert suggest(catalogue(0), "gam")[0] == "Gaming"
    assert len(suggest(catalogue(0), "a")) == 7
    assert suggest(catalogue(0), " ") == ()


def test_opinions_are_the_same_every_time_and_never_twice() -> None:
    for product in catalogue(3).products[:40]:
        told = opinions_of(product, 3)
        assert told == opinions_of(product, 3)
        assert 2 <= len(told) <= 12
        assert len({each.opinion.title for each in told}) == len(told)
        assert [each.days for each in told] == sorted(each.days for each in told)
