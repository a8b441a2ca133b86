"""Registers in files: which columns each has, how a line is read, what is refused and why.

The same columns are written when a register is taken out, so that what came out can go in again.
"""
