"""Requests for information to enterprises (regulation 4.2), each with a term and an answer."""
