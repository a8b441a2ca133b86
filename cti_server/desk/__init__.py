"""The dispatcher's desk: presence, the line, who is calling, the call in hand."""
