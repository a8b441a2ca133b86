"""What follows when an appeal's term comes near."""
