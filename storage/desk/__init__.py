"""A dispatcher's desk: who may be calling, drafts of forms, the search."""
