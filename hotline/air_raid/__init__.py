"""Air-raid alerts at the city: what a source of alerts says, and what the centre changes meanwhile."""
