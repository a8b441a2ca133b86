"""The knowledge base: articles with all their versions, questions without an answer yet."""
