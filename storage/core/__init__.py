"""The foundation of storage: connections, caching, locks, snapshots."""
