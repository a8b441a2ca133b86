"""A citizen's page: correction of their card, and their rights to what is held on them."""
