"""The city now: how the line, the outages and the appeals stand, for head, deputies and mayor."""
