"""Work of a new city's set-up beside its pages: phrases spoken, a call tried, settings kept."""
