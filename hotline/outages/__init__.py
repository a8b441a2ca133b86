"""Outages: the register, alerts, and who is told of them."""
