"""Text that XML can hold."""

import re

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Leave out what no XML 1.0 document may hold, such as control signs pasted into a reason."""
    return _NOT_IN_XML.sub("", text)
