"""FastAGI: what the dialplan may ask the service about a call that did not pass through it."""
