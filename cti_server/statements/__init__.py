"""Pages of statements for media and the Internet: written, approved, corrected; the public page of news."""
