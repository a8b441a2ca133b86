"""The settings of webhooks."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from hotline.access.networks import Networks
from hotline.errors import SettingsError
from service import environment as env


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Which addresses webhooks may have: `https` on the public network, unless this says otherwise."""

    networks: Networks = env.parsed(
        "HOTLINE_WEBHOOK_NETWORKS",
        "",
        "private networks in which webhooks may be, by commas, such as `10.1.0.0/16`",
        env.networks,
        usual="none: public addresses alone",
    )
    http: bool = env.yes("HOTLINE_WEBHOOK_HTTP", "0", "webhooks may be `http://` as well, unencrypted")
    certificates: str = env.text(
        "HOTLINE_WEBHOOK_CERTIFICATES",
        "",
        "PEM file of who certifies the receivers of webhooks",
        usual="this machine's",
    )

    def __post_init__(self) -> None:
        if self.certificates and not Path(self.certificates).is_file():
            raise SettingsError(f"HOTLINE_WEBHOOK_CERTIFICATES: there is no file {self.certificates}.")

    def tls(self) -> ssl.SSLContext:
        """Give the context by which receivers' certificates are checked."""
        return ssl.create_default_context(cafile=self.certificates or None)
