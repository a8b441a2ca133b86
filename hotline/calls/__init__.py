"""Calls of citizens: the record of each, and the conversation that a flow holds."""
