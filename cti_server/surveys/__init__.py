"""Pages of surveys: results, and the forms of questions."""
