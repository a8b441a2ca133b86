"""The set-up of a new city: its steps, the code that opens it, and when it is over."""
