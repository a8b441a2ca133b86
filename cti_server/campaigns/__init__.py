"""Pages of automatic calls: who is called now, how campaigns stand, and who is not called."""
