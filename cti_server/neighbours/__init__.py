"""Pages of agreements with other cities, and of a call that is answered in another city's name."""
