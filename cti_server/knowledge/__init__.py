"""Pages of the knowledge base: articles, their editor and versions, what is missing."""
