"""Wiring: the implementations of the ports, one file for each part of the service."""
