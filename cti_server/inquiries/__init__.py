"""Pages of requests for information: the centre's, and the enterprise's own."""
