"""The interface for programs, `/api/v1`: JSON answers, a stream of events, tokens instead of sessions."""
