"""Letters between the processes of one hotline, as they are kept for a minute."""
