"""The only package that knows Asterisk, SIP and sound."""
