"""Outages: the register, alerts, watchers, subscriptions and the public bulletin."""
