"""Outages: alerts, disputes, and calls about them."""
