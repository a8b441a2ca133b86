"""Automatic calls that ask applicants whether the work is done."""
