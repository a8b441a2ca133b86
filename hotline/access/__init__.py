"""Who may do what: users, tokens, signing in."""
