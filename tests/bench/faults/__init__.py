"""`hotline bench faults`: a hotline is hit, part by part, while people call; one judge for all its forms."""
