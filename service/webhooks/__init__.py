"""Events are owed to webhooks, signed, and handed over to the addresses of other systems."""
