"""Pages of webhooks: who is told where, and what is sent again."""
