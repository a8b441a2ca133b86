"""Pages of the contact centre's administration: users, tokens, imports and the audit log."""
