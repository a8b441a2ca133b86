"""Power by schedule: the public page with its feeds, and the page of the source for those who keep it."""
