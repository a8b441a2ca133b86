"""Text from outside, as all parts keep and compare it."""


def storable(text: str) -> str:
    """Put U+FFFD where there is what no database can store: NUL, lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def lined(text: str) -> str:
    """Make it storable, with the ends of lines as they are written everywhere."""
    return storable(text).replace("\r\n", "\n").replace("\r", "\n")


def tidied(text: str) -> str:
    """Make it storable and lined, with nothing blank around it."""
    return lined(text).strip()
