"""The city: its addresses, days off, categories of matters and terms."""
