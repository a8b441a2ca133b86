"""Pages of alerts: their reports, and the dispatcher's decision."""
