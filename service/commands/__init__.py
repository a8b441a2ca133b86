"""What each `hotline` sub-command does."""
