"""Public pages of outages: a page, feeds, a widget for other sites. Nobody signs in."""
