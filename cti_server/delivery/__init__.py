"""Notices on an appeal's card: their recipients and results, and a person's decision on a failed one."""
