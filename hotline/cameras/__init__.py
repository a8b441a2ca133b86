"""The city's cameras: which there are, who watched them when, and what was seen (regulation 3.2)."""
