"""What all of storage rests on."""
