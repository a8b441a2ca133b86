"""What callers hear: the message to the whole city, and people's voices in the place of the synthesis."""
