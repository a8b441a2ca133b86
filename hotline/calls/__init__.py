"""Calls of citizens: what is kept of each, and the conversation that a flow holds."""
