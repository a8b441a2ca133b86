"""Webhooks: other systems are told of events at addresses of theirs: signed, in order, until they arrive."""
