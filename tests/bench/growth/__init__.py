"""What a year of calls in the database does to the road of one call, to pages, reports and the sweep."""
