"""Pages of quality: the queue of talks, the form, the dispatcher's own assessments, training records."""
