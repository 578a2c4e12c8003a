"""What Dashdish's tools return. Prices and fees are dollars; times are minutes."""

from __future__ import annotations

from typing import TypedDict


class StoreEntry(TypedDict):
    """A store (restaurant, vendor) as the home page lists it."""

    name: str
    cuisine: str
    rating: float
    review_count: int
    minutes: int
    delivery_fee: float | None
    price_level: int
    offers_delivery: bool
    offers_pickup: bool


class Category(TypedDict):
    """A category of stores on the home page."""

    name: str


class StoreDetails(TypedDict):
    """What a store's own page says about it; None where a service is not offered."""

    name: str
    cuisine: str
    rating: float
    review_count: int
    price_level: int
    offers_delivery: bool
    delivery_minutes: int | None
    delivery_fee: float | None
    offers_pickup: bool
    pickup_minutes: int | None
    categories: list[str]


class MenuItem(TypedDict):
    """An item (dish, product) on a store's menu. It can be ordered where `available`."""

    name: str
    price: float
    section: str
    description: str
    available: bool


class Review(TypedDict):
    """What a customer wrote about a store. The rating is of 1 to 5 stars."""

    reviewer: str
    rating: int
    text: str
    date: str


class ItemOption(TypedDict):
    """A size or an extra of an item; `included` ones are chosen unless something else is."""

    group: str
    name: str
    extra_price: float
    included: bool


class ItemDetails(TypedDict):
    """An item of the menu with its options."""

    name: str
    price: float
    section: str
    description: str
    available: bool
    options: list[ItemOption]


class CartItem(TypedDict):
    """Some of one item; the price is that of all its pieces, options included."""

    name: str
    quantity: int
    options: list[str]
    price: float


class Cart(TypedDict):
    """The cart; its items are all from one store, which is None when it is empty."""

    store: str | None
    items: list[CartItem]
    subtotal: float


class CheckoutDetails(TypedDict):
    """Everything that an order is about to be placed with; `total` is what will be paid."""

    store: str
    items: list[CartItem]
    subtotal: float
    delivery_fee: float
    express_fee: float
    service_fee: float
    tax: float
    tip: float
    total: float
    method: str
    delivery_option: str
    delivery_time: str | None
    address: str
    drop_off: str
    instructions: str
    payment: str


class PlacedOrder(TypedDict):
    """An order that was just placed."""

    order_id: str
    store: str
    items: list[CartItem]
    total: float


class OrderEntry(TypedDict):
    """An order of the history. The time is ISO 8601, UTC."""

    order_id: str
    store: str
    items: list[CartItem]
    total: float
    placed_at: str
