"""Where ports meet their implementations: one file for each part of the service."""
