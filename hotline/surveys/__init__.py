"""Surveys: forms, the question whether the work is done, results."""
