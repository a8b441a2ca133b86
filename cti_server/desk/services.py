"""Emergency services as the desk names them: under the softphone, and in the directory."""

from collections.abc import Sequence
from typing import NamedTuple

from cti_server.frame.language import N_


class Service(NamedTuple):
    """An emergency service: its short word, its full name, and words by which it is found (`sought`)."""

    number: str
    word: str
    whole: str
    sought: str


SERVICES: Sequence[Service] = (
    Service("101", N_("rescue"), N_("Rescue service"), N_("fire, smoke, explosion, ice, water, height")),
    Service("102", N_("police"), N_("Police"), N_("crime, fight, accident, noise, theft")),
    Service("103", N_("ambulance"), N_("Ambulance"), N_("doctor, injury, illness")),
    Service("104", N_("gas"), N_("Gas emergency service"), N_("smell of gas")),
    Service("112", N_("all services"), N_("All emergency services"), N_("any danger")),
)
