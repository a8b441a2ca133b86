"""Words of the forms and marks of equipment; what equipment is called: `hotline.equipment.catalogue`."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.equipment.items import Way
from hotline.equipment.states import State

WAYS: Mapping[Way, str] = {
    Way.TCP: N_("A connection to its port"),
    Way.HTTP: N_("A web address that answers"),
    Way.PING: N_("Ping"),
    Way.CERTIFICATE: N_("The days its certificate is good for"),
    Way.NUT: N_("A power supply by NUT (upsd)"),
}
MARKS: Mapping[State, str] = {
    State.IN_ORDER: "talk",
    State.DISTURBED: "hold",
    State.OUT_OF_ORDER: "emergency",
    State.NOT_KNOWN: "idle",
}
FAULTS: Mapping[str, str] = {
    "name": N_("Give it a name by which people know it, 120 characters at most."),
    "kind": N_("Choose what it is."),
    "host": N_("Give a name or address in the network, such as 10.0.0.5, without http://."),
    "port": N_("A port is a number up to 65535."),
    "path": N_("For a web address give all of it, such as http://10.0.0.5/; for NUT the name of the UPS."),
    "interval": N_("From 15 to 86400 seconds."),
    "timeout": N_("From 1 to 30 seconds."),
    "failures": N_("From 1 to 20."),
    "whom": N_("Choose whom it calls; an e-mail address or a telephone number has to be a whole one."),
    "after": N_("From 0 to 10080 minutes, which is a week."),
    "task_after": N_("From 0 to 10080 minutes, which is a week."),
    "reason": N_("Say what is being done."),
    "since": N_("Give day and time, such as 24.12.2026 14:00."),
    "until": N_("It ends later than it begins, and than now; within 60 days."),
}
