"""Pages of automatic calls: calls under way, campaigns, and the do-not-call list."""
