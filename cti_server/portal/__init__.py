"""The portal's pages for reporting: what and where, photos, contact; they work without scripts."""
