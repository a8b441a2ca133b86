"""Quality of talks: the queue of those to be assessed, scores, training records."""
