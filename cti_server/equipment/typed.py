"""Fields of the form of an item, and the people whom an item may call."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from cti_server.equipment.sources import EQUIPMENT
from cti_server.frame.language import words_of
from cti_server.keys import ACCOUNTS
from hotline.equipment.items import OWN_KINDS, Calls, EquipmentIncomplete, Item, Kind, NewItem, Way

_NUMBERS = {"port": "0", "interval": "60", "timeout": "5", "failures": "3", "after": "5"}
FIELDS = ("name", "kind", "way", "host", "path", *_NUMBERS, "whom", "address", "urgent", "task_after")
EMPTY: Mapping[str, str] = {
    **dict.fromkeys(FIELDS, ""),
    **_NUMBERS,
    "port": "",
    "kind": Kind.ROUTER.value,
    "way": Way.TCP.value,
}
_TYPED_WHOM = ("mail", "phone")
_LONGEST = 400


def typed_of(given: Mapping[str, object] | Item) -> Mapping[str, str]:
    """Give the fields as texts: of a form, or of an item."""
    if not isinstance(given, Item):
        return {name: str(given.get(name, "")).strip()[:_LONGEST] for name in FIELDS}
    kind, _, address = given.calls.whom.partition(":")
    chosen = kind in _TYPED_WHOM
    task = given.calls.task_after_minutes
    return {
        "name": given.name,
        "kind": given.kind.value,
        "way": given.way.value,
        "host": given.host,
        "path": given.path,
        "port": str(given.port or ""),
        "interval": str(given.interval_seconds),
        "timeout": str(given.timeout_seconds),
        "failures": str(given.failures),
        "after": str(given.calls.after_minutes),
        "whom": kind if chosen else given.calls.whom,
        "address": address if chosen else "",
        "urgent": "yes" if given.calls.urgent else "",
        "task_after": "" if task is None else str(task),
    }


def item_of(typed: Mapping[str, str]) -> NewItem:
    """Read an item of the administrator's own; raises EquipmentIncomplete."""
    way = next((one for one in Way if one is not Way.BUILT_IN and one.value == typed["way"]), Way.TCP)
    kind = next((one for one in OWN_KINDS if one.value == typed["kind"]), None)
    if kind is None:
        raise EquipmentIncomplete("kind", "Choose what it is.")
    return NewItem(
        name=typed["name"],
        kind=kind,
        way=way,
        host=typed["host"],
        port=_number(typed, "port"),
        path=typed["path"],
        interval_seconds=_number(typed, "interval"),
        timeout_seconds=_number(typed, "timeout"),
        failures=_number(typed, "failures"),
        calls=calls_of(typed),
    )


def calls_of(typed: Mapping[str, str]) -> Calls:
    """Read whom it calls; raises EquipmentIncomplete."""
    whom = typed["whom"]
    if whom in _TYPED_WHOM:
        whom = f"{whom}:{typed['address']}"
    elif whom and not whom.removeprefix("user:").removeprefix("executor:").isdecimal():
        raise EquipmentIncomplete("whom", "Choose whom it calls.")
    return Calls(
        whom=whom,
        after_minutes=_number(typed, "after"),
        urgent=typed["urgent"] == "yes",
        task_after_minutes=_number(typed, "task_after") if typed["task_after"] else None,
    )


def _number(typed: Mapping[str, str], field: str) -> int:
    """Read a whole number; an empty field is its usual one."""
    text = typed[field] or _NUMBERS.get(field, "")
    if not (text.isascii() and text.isdecimal() and len(text) < len("1000000")):
        raise EquipmentIncomplete(field, "Give a whole number.")
    return int(text)


async def choices(request: web.Request) -> Sequence[tuple[str, str]]:
    """List whom an item may call: those who can be reached, enterprises, an address."""
    gettext = words_of(request).gettext
    users = [one for one in await request.app[ACCOUNTS].users.all() if one.active]
    executors = [one for one in await request.app[EQUIPMENT].executors.all() if one.active]
    return [
        ("", gettext("Nobody")),
        *((f"user:{one.id}", one.name) for one in users if one.email or one.telephone),
        *(
            (f"executor:{one.id}", gettext("Contact on duty: %(enterprise)s") % {"enterprise": one.short})
            for one in executors
        ),
        ("mail", gettext("An e-mail address")),
        ("phone", gettext("A telephone number")),
    ]


async def whom_text(request: web.Request, item: Item) -> str:
    """Say whom it calls; empty for nobody. Who cannot be reached any more is said to be so."""
    kind, _, given = item.calls.whom.partition(":")
    if not kind or kind in _TYPED_WHOM:
        return given
    known = dict(await choices(request))
    gone = words_of(request).gettext("somebody who cannot be reached any more: choose another")
    return known.get(item.calls.whom, gone)
