"""The line on Asterisk: pairing, ringing of desks, and Asterisk's own queue."""
