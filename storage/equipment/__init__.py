"""Equipment: the register, the changes of state, and when the board looked."""
