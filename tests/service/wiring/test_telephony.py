"""From which networks a node takes desk phones' SIP."""

from pathlib import Path

import pytest

from service.settings.settings import read_settings
from service.wiring.telephony import desks_from
from tests.system.node import node_environ


@pytest.mark.parametrize(
    ("tls", "networks"), [("offered", "10.1.0.0/16,192.0.2.1,192.0.2.2"), ("demanded", "192.0.2.1,192.0.2.2")]
)
def test_where_tls_is_demanded_no_phone_registers_past_the_edge(
    tmp_path: Path, tls: str, networks: str
) -> None:
    settings = read_settings(
        node_environ(
            tmp_path,
            HOTLINE_DESK_NETWORKS="10.1.0.0/16",
            HOTLINE_EDGE="192.0.2.1:5060,192.0.2.2:5060",
            HOTLINE_DESK_TLS=tls,
        )
    )
    assert desks_from(settings) == networks
