"""Equipment: its checks, each with a bound in time, and the round that makes them."""
