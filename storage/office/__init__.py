"""The office on a database: plans of files, journals, acts."""
