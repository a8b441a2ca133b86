"""Conversations in a terminal: keys are typed, what the hotline says is printed, no telephony takes part."""
