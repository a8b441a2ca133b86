"""Chats on a database (docs/design/text.md)."""
