"""The cameras' streams: a process for each that is watched, and what they give handed to who watches."""
