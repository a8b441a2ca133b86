"""Users, tokens, sign-ins and the audit log."""
