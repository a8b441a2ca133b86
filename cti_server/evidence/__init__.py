"""Photos and papers of appeals: taken in piece by piece, shown and handed out to whoever may see them."""
