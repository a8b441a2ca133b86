"""A host as SIP writes it."""


def in_uri(host: str) -> str:
    """Write a host as URIs and headers have it: an address of IPv6 in brackets (RFC 3261, section 25.1)."""
    return f"[{host}]" if ":" in host else host
