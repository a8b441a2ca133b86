"""Residents call by the browser: the page, who may call, and what of SIP is let through."""
