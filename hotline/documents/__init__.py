"""A city's own data: documents in versions, how they are read, and which are in force."""
