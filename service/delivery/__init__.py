"""Delivers the outbox: a courier for each channel takes what is owed and hands it to a carrier."""
