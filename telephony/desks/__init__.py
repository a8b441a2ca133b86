"""Telephones that are ours: dispatchers', in browsers and on tables, and of guests in browsers."""
