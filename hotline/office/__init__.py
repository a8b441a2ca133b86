"""The office: the plan of files by year with terms of keeping, journals, acts by which files go."""
