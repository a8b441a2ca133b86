"""What is printed: the registration card of an appeal, and the journal of registration, as PDF."""
