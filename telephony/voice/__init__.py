"""Sound: speech that is synthesised, recordings, files that Asterisk plays."""
