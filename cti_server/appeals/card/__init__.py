"""An appeal's card for the city: what happened, what can be done, and what waits for a person."""
