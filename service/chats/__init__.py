"""Chats: the flows held in writing, by the page, messengers and short messages (docs/design/text.md)."""
