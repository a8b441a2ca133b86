"""Is the hotline well? For machines that watch it, and one page for people."""
