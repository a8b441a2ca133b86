"""Papers as PDF: the registration card of an appeal, and the journal of registration."""
