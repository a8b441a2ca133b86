"""Calls looked back upon: the list, one call with its recordings, those to be called back."""
