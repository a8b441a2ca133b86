"""The form that registers an appeal, while the citizen is on the line."""
