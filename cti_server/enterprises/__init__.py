"""The register of executors: enterprises, whom to reach there at which hour, and who signs in for them."""
