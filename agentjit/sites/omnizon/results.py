"""What Omnizon's tools return. Prices are dollars; dates are ISO texts such as 2025-07-21."""

from __future__ import annotations

from typing import TypedDict


class Category(TypedDict):
    """A category (department) of products on the home page."""

    name: str


class ResultEntry(TypedDict):
    """A product as a list of results shows it. It can be bought where `available`."""

    name: str
    price: float
    rating: float
    review_count: int
    available: bool


class Attribute(TypedDict):
    """One line of a product's details, such as Touchscreen: Yes."""

    name: str
    value: str


class ProductDetails(TypedDict):
    """What a product's own page says. `color` is the one that is chosen; `colors`: all."""

    name: str
    price: float
    rating: float
    review_count: int
    color: str
    colors: list[str]
    description: str
    available: bool
    max_quantity: int
    attributes: list[Attribute]


class ProductReview(TypedDict):
    """What a customer wrote about a product. The rating is of 1 to 5 stars."""

    reviewer: str
    rating: int
    title: str
    text: str
    date: str


class CartItem(TypedDict):
    """Some of one product in one color. The price is that of a single one."""

    name: str
    color: str
    quantity: int
    price: float


class Cart(TypedDict):
    """What is in the cart."""

    items: list[CartItem]
    subtotal: float


class DeliveryOption(TypedDict):
    """A day on which the order can arrive, as date and as shown, and what shipping costs then."""

    date: str
    label: str
    shipping: float
    selected: bool


class PaymentCard(TypedDict):
    """A card that the order can be paid with, by its last four digits."""

    last_digits: str
    selected: bool


class Address(TypedDict):
    """An address that the order can be sent to."""

    address: str
    selected: bool


class CheckoutDetails(TypedDict):
    """What the order will be, and what it will cost."""

    items: list[CartItem]
    subtotal: float
    shipping: float
    tax: float
    total: float
    delivery_date: str
    delivery_label: str
    address: str
    card: str


class PlacedOrder(TypedDict):
    """An order that was just placed."""

    order_id: str
    items: list[CartItem]
    total: float


class OrderEntry(TypedDict):
    """An order of the list; `status`: Not yet shipped, Shipped, Delivered or Cancelled."""

    order_id: str
    placed_on: str
    status: str
    total: float
    items: list[CartItem]
    arrives_on: str | None
    can_cancel: bool


class BoughtBefore(TypedDict):
    """A product that was bought once, and what it costs now."""

    name: str
    price: float


class Cancellation(TypedDict):
    """The order that is about to be cancelled, or was."""

    order_id: str
    placed_on: str
    items: list[CartItem]
    total: float


class ReviewDraft(TypedDict):
    """A review as it is written so far; a rating of 0 stands for none."""

    product: str
    order_id: str
    rating: int
    title: str
    content: str


class WrittenReview(TypedDict):
    """A review that was published."""

    product: str
    rating: int
    title: str
    content: str
