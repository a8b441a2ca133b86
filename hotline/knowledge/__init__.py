"""The knowledge base (regulation 2.6, 5.8): articles in versions, how they are found, what is missing."""
