"""The line on Asterisk: who is rung for whom, and Asterisk's own queue."""
