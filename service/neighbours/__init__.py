"""Cities whose telephone we answer: read again and again, and given the appeals that we take for them."""
