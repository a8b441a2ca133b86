"""Webhooks as they are kept: places, states, and what each is owed."""
