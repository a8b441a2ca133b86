"""Pages of memos: written, sent, answered, printed."""
