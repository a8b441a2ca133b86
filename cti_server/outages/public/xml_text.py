"""Text that XML can hold, and elements made of it."""

import re
from xml.etree.ElementTree import Element, SubElement

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Leave out what no XML 1.0 document may hold, such as control signs pasted into a reason."""
    return _NOT_IN_XML.sub("", text)


def xml_child(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element with this text."""
    one = SubElement(parent, name, attributes)
    one.text = xml_text(text) or None
    return one
