"""The city's cameras: the wall, one camera with its incidents, the register, and the log of watching."""
