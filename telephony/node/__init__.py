"""One Asterisk and one connection to it: what belongs to the connection, and ends with it."""
