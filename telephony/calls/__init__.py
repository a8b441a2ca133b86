"""Citizens' calls and talks on Asterisk's channels."""
