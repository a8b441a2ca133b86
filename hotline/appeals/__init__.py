"""Appeals: the acts on them, their terms, escalation and papers."""
