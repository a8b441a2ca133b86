"""Appeals: what they are, who acts on them, their terms and papers."""
