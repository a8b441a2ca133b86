"""Alerts of many reports: what they are made of, and the dispatcher's decision."""
