"""Pages of signing in and of one's own account: password, code from an app, code for the phone."""
