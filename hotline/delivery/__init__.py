"""Delivery of notices: recipients, wording, channels and the outbox."""
