"""Dashdish: a food delivery site, with stores, menus, a cart, checkout and an order history."""
