"""Appeals, their history, files and routing."""
