"""The register of executors: enterprises, their contacts by hour, and their users."""
