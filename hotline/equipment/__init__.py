"""Equipment (regulation 6.7): what the centre works with, its state, and who is told of faults."""
