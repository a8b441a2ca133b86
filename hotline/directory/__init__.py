"""The directory: bodies of power, state services and their people, joined with the enterprises."""
