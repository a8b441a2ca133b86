"""Growth: the road of one call, pages, reports and the sweep with a small and a great year of calls."""
