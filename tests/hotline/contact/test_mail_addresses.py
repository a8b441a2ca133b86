"""E-mail addresses as people type them."""

import pytest

from hotline.contact.mail_addresses import mail_address, masked_mail


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (" Maria.D@Example.ORG ", "Maria.D@example.org"),
        ("o'neil+city@mail.ua", "o'neil+city@mail.ua"),
        ("info@громада.укр", "info@xn--80aahf2bln.xn--j1amh"),
        ("марія@example.org", None),
        ("maria@example", None),
        ("maria@@example.org", None),
        ("maria@example..org", None),
        (".maria@example.org", None),
        ("maria@exa mple.org", None),
        ("maria@-example.org", None),
        ("maria@192.168.0.1", None),
        ("maria@example.org\nx", None),
        ("m" * 65 + "@example.org", None),
        ("maria", None),
        ("", None),
    ],
)
def test_an_address_is_written_in_one_form_or_refused(typed: str, written: str | None) -> None:
    assert mail_address(typed) == written


def test_a_log_shows_where_it_went_and_not_to_whom() -> None:
    assert masked_mail("maria@example.org") == "m***@example.org"
