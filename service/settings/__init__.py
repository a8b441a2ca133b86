"""Settings: what the machine's environment says, each variable declared once with what it is for."""
