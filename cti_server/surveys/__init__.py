"""Surveys: what they came to, and the forms by which people are asked."""
