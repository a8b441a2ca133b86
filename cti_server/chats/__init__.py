"""Pages of chats: the residents' own, and the dispatchers' (docs/design/text.md)."""
