"""The line: who waits, who answers, who is called back."""
