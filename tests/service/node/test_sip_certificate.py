"""Certificates of SIP by TLS: those that telephones would refuse are told of before they are shown."""

from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.errors import SettingsError
from service.commands import edge as edge_command
from service.node.sip_certificate import SipCertificate
from tests.fakes.certificates import Authority, Given
from tests.system.edge import edge_settings, shows

DAY = timedelta(days=1)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "certificates")


def _read(given: Given) -> SipCertificate:
    return SipCertificate.read(given.certificate, given.key)


def test_its_end_is_told_and_that_it_comes_soon(authority: Authority) -> None:
    one, now = _read(authority.gives("edge", valid=90 * DAY)), datetime.now(UTC)
    assert one.flaw(now) is None
    assert one.told(now) == f"until {one.ends:%Y-%m-%d %H:%M} UTC"
    assert one.told(now + 80 * DAY).endswith(": renew it")
    assert one.flaw(now + 91 * DAY) == f"over since {one.ends:%Y-%m-%d %H:%M} UTC"
    assert one.flaw(now - DAY) == f"not valid before {one.begins:%Y-%m-%d %H:%M} UTC"


def test_what_cannot_be_shown_is_named(authority: Authority, tmp_path: Path) -> None:
    one, other = authority.gives("one"), authority.gives("other")
    for certificate, key, what in (
        (one.certificate, other.key, "is not the key of"),
        (tmp_path / "missing.pem", one.key, "HOTLINE_SIP_TLS_CERTIFICATE: .* cannot be read"),
        (one.key, one.key, "holds no certificate"),
        (one.certificate, one.certificate, "holds no key"),
    ):
        with pytest.raises(SettingsError, match=what):
            SipCertificate.read(certificate, key)


async def test_the_edge_is_given_no_certificate_that_is_over(authority: Authority, tmp_path: Path) -> None:
    over = authority.gives("edge", valid=DAY, began=2 * DAY)
    settings = edge_settings(tmp_path, 5999, {"a": 5071}, **shows(over, 5061))
    with pytest.raises(SettingsError, match="the new certificate is over since"):
        await edge_command.renew(settings, Namespace())
    with pytest.raises(SettingsError, match="names no certificate"):
        await edge_command.renew(edge_settings(tmp_path, 5999, {"a": 5071}), Namespace())
