"""What was told to whom, and what came of it: on an appeal's card, decided by a person where it failed."""
