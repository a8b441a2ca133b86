"""Pages of the office: the plan of files, journals, and acts by which files go."""
