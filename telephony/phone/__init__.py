"""A small SIP phone of our own: a citizen's or a dispatcher's, for trying the hotline and for testing it."""
