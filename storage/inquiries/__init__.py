"""Requests for information to enterprises: acts and what is told of them in one transaction."""
