"""Asterisk's REST interface: typed messages, the actions we use, one connection that carries both."""
