"""Reports: the measures of the city's figures, papers that are made and signed, ratings, a builder."""
