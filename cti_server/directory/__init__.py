"""The directory: bodies, enterprises and people, whom dispatchers dial and residents look up."""
