"""The page of routing rules: who gets which appeals, tried before it is saved."""
