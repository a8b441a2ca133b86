"""Delivery of the outbox: a courier for each channel claims owed notices and hands them to a carrier."""
