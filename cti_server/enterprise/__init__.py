"""The pages of an enterprise: its appeals, what is done with them, and the evidence that it is done."""
