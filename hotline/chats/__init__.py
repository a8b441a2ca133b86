"""Chats: conversations in writing, by the page, a messenger or short messages (docs/design/text.md)."""
