"""Photos, papers and spoken remarks of appeals: taken in piece by piece, handed out to whom may see them."""
