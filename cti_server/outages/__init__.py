"""Outages: their register, alerts, and the pages for everybody."""
