"""Control: the work that waits for a person, and the record of the enterprises."""
