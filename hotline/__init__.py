"""The city's rules in plain Python: no input, no output, no framework."""
