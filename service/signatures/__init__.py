"""Electronic signatures of papers, checked by what libraries there are."""
