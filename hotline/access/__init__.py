"""Access: users and their roles, sign-in, API tokens, codes by telephone."""
