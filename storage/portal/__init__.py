"""Reports of residents, as the portal took them in."""
