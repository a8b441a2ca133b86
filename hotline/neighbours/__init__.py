"""Cities that answer one another's telephone by agreement (docs/design/neighbours.md)."""
