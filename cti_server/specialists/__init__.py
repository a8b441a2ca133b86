"""Specialists drawn into a matter: the centre's pages, their enterprise's, and those of links."""
