"""Specialists of enterprises, drawn into one matter with the consent of their manager (regulation 4.4)."""
