"""One search over people, appeals and calls: a box at the desk, and a page of its own."""
