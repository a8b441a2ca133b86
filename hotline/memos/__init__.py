"""Memos: proposals, memoranda and reports of breaches to the mayor and the department, with their answers."""
