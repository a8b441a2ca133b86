"""The register of outages as people use it: an enterprise's own, and the centre's with all of them."""
