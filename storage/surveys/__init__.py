"""Surveys: forms, the question whether it is done, results."""
