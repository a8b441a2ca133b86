"""Pages of an enterprise: its appeals, the acts on them, and attachments."""
