"""Pages of retention: how long what is kept, legal holds, the deletion log."""
