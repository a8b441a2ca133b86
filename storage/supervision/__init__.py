"""Supervision: live calls, orders about listening, help, threats, slower places."""
