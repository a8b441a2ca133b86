"""A forwarded appeal as a message of СЕВ ОВВ, the exchange of documents of the state's bodies.

The form is that of order 1207 of 20.10.2011 (electronic messages, version 1.5): docs/design/state.md.
Nothing signs it here: the city's system of documents does, which sends it.
"""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from cti_server.outages.public.xml_text import xml_child, xml_text

STANDARD, VERSION = "1207", "1.5"
ENCODING = "UTF-8"
_DECLARED = f'<?xml version="1.0" encoding="{ENCODING}"?>\n'
_NAMES = uuid.UUID("5b3c2f0e-8a0c-4f39-9a53-6a1f2d7f1207")
"""Within it messages are named, so that one that is made again is the same message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SevParty:
    """An organisation: its name, its code of the state's register (ЄДРПОУ), its system in the exchange."""

    name: str
    code: str
    system: str = ""
    system_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SevLetter:
    """A message of СЕВ ОВВ to another authority: one paper with number, day, subject and its file."""

    sender: SevParty
    recipient: SevParty
    number: str
    dated: datetime
    about: str
    urgent: bool
    made_at: datetime
    file_name: str
    content: bytes

    @property
    def id(self) -> str:
        """Name the message: made again of the same paper for the same recipient it is the same one."""
        named = f"{self.sender.code}/{self.recipient.code}/{self.number}/{self.dated.date().isoformat()}"
        return str(uuid.uuid5(_NAMES, named)).upper()


def sev_message(letter: SevLetter) -> bytes:
    """Write the message."""
    sender, recipient = letter.sender, letter.recipient
    root = Element(
        "Header",
        {
            "standart": STANDARD,
            "version": VERSION,
            "charset": ENCODING,
            "time": letter.made_at.isoformat(timespec="seconds"),
            "msg_type": "1",
            "msg_id": letter.id,
            "msg_acknow": "2",
            "from_org_id": xml_text(sender.code),
            "from_organization": xml_text(sender.name),
            "from_sys_id": xml_text(sender.system_id),
            "from_system": xml_text(sender.system),
            "to_org_id": xml_text(recipient.code),
            "to_organization": xml_text(recipient.name),
            "to_sys_id": xml_text(recipient.system_id),
            "to_system": xml_text(recipient.system),
        },
    )
    document = SubElement(
        root,
        "Document",
        {
            "idnumber": letter.id,
            "type": "0",
            "kind": "Звернення громадян",
            "annotation": xml_text(letter.about),
            "collection": "0",
            "purpose_type": "0",
            "urgent": str(int(letter.urgent)),
        },
    )
    _number(document, letter)
    SubElement(document, "Confident", {"flag": "0"})
    content = base64.b64encode(letter.content).decode()
    file = {"type": "pdf", "char_set": ENCODING, "idnumber": "1", "description": letter.file_name}
    xml_child(document, "DocTransfer", content, **file)
    author = SubElement(document, "Author")
    _organization(author, sender)
    _number(SubElement(author, "OutNumber"), letter)
    _organization(SubElement(document, "Addressee", {"type": "0"}), recipient)
    _organization(SubElement(document, "Writer"), sender)
    return f"{_DECLARED}{tostring(root, encoding='unicode')}".encode()


def _number(parent: Element, letter: SevLetter) -> None:
    xml_child(parent, "RegNumber", letter.number, regdate=letter.dated.date().isoformat())


def _organization(parent: Element, party: SevParty) -> None:
    name = xml_text(party.name)
    named = {"fullname": name, "shortname": name, "ogrn": xml_text(party.code)}
    one = SubElement(parent, "Organization", named)
    SubElement(one, "Address", {"country": "Україна"})
