"""The sub-commands of `hotline`."""
