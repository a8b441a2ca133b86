"""Import and export of registers as files: their columns, reading of lines, and refusals.

An export has the same columns, so that it can be imported again.
"""
