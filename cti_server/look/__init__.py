"""The demo city's page of all that pages are made of."""
