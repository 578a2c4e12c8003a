"""Omnizon, a shop that sells everything: search, cart, checkout, orders, reviews."""
