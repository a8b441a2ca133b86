"""What can be done with an appeal: each act a typed value with who, when and why, and its own rule."""
