"""Memos: proposals and memoranda to the mayor and to the department, with their answers."""
