"""Pages of meetings: called, answered, minuted, signed, printed."""
