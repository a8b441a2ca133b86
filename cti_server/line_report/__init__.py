"""The line's own report, and advice for shifts: figures without anybody's personal data."""
