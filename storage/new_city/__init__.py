"""The set-up of a new city, as it is kept."""
