"""Dispatchers' telephones, in browsers and on tables."""
