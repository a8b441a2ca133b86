"""Pages of tasks: mine and ours, each with its history, given and changed by the head."""
