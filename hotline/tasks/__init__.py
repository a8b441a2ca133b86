"""Tasks: what somebody has to do by a day, from whatever source, and who controls that it is done."""
