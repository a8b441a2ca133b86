"""What waits for a person, and how the city's enterprises stand."""
