"""Outages: the register, alerts, watchers and subscriptions."""
