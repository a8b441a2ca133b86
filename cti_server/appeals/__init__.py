"""Appeals on the pages: registered while talking, and looked at."""
