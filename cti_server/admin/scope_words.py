"""Words for what a token was made for."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.access.scopes import Scope

SCOPES: Mapping[Scope, str] = {
    Scope.APPEALS_READ: N_("read appeals and follow their changes"),
    Scope.APPEALS_REGISTER: N_("register appeals"),
    Scope.APPEALS_ACT: N_("act on appeals"),
    Scope.APPEALS_CONTROL: N_("decide on terms, control and what is not considered"),
    Scope.APPEALS_WORD: N_("pass on the applicant’s own word, and how they were known"),
    Scope.TASKS_READ: N_("read tasks and orders of the city"),
    Scope.TASKS_ACT: N_("act on tasks; for a head’s token, give and control them"),
    Scope.INQUIRIES: N_("ask enterprises for information, and answer"),
    Scope.CITIZENS: N_("find, enter and change citizens"),
    Scope.CALLS: N_("read calls"),
    Scope.RECORDINGS: N_("fetch recordings of talks"),
    Scope.LINE: N_("see the waiting line and the dispatchers"),
    Scope.PRESENCE: N_("change dispatchers’ presence"),
    Scope.OUTAGES_READ: N_("read outages"),
    Scope.OUTAGES_WRITE: N_("enter and change outages"),
    Scope.POWER: N_("tell the schedules of power"),
    Scope.CITY_DATA_READ: N_("read the city’s documents"),
    Scope.CITY_DATA_WRITE: N_("put the city’s documents into force"),
    Scope.METRICS: N_("read the metrics of the hotline"),
    Scope.NEIGHBOUR: N_("answer our telephone by agreement (made at “Lines of other cities”)"),
    Scope.WEBHOOKS: N_("have webhooks of its own"),
    Scope.OPEN311: N_("file requests by Open311"),
}
