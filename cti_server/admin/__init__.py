"""Pages for whoever runs the contact centre: users and the audit log."""
