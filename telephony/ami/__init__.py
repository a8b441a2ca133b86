"""Asterisk's manager interface, for what ARI cannot do: leases, two-channel recording, queue and phones."""
