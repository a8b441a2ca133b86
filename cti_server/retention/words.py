"""Words for kinds of records, causes of deletion, and things that can be held."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.retention.deletions import DeletedBy
from hotline.retention.holds import HeldThing
from hotline.retention.room import Room
from hotline.retention.terms import Kind

KINDS: Mapping[Kind, str] = {
    Kind.RECORDINGS: N_("Recordings of talks"),
    Kind.MESSAGES: N_("Voice messages"),
    Kind.CHATS: N_("Chats"),
    Kind.CALLS: N_("Calls: who called"),
    Kind.JOURNEYS: N_("Steps of the calls"),
    Kind.CAMERAS: N_("Log of watching the cameras"),
    Kind.APPEALS: N_("Appeals, after their end"),
    Kind.CITIZENS: N_("Citizens without appeals and calls"),
    Kind.ORDERS: N_("People of campaigns and orders"),
    Kind.NOTICES: N_("Notices about no appeal"),
    Kind.CALLBACKS: N_("Call-backs and arranged calls"),
    Kind.ATTEMPTS: N_("Attempts of automatic calls"),
    Kind.DRAFTS: N_("Half-filled forms"),
    Kind.WATCHERS: N_("Those who wanted to be told of an outage, after its end"),
    Kind.REPORTS: N_("Reports of outages by keys"),
    Kind.PLACES: N_("Addresses keyed in by telephone"),
    Kind.UNCONFIRMED: N_("Subscriptions that nobody confirmed"),
    Kind.SUBSCRIPTIONS: N_("Subscriptions, after their end"),
    Kind.AUDIT: N_("The audit log"),
    Kind.SIGN_INS: N_("Attempts to sign in"),
    Kind.PRESENCE: N_("Presence of dispatchers, and their wishes for the roster"),
    Kind.EQUIPMENT: N_("States of equipment"),
    Kind.OUTBOX: N_("Notices as files"),
    Kind.IMPORTS: N_("Files of registers"),
    Kind.LOGS: N_("Asterisk's logs"),
}
CAUSES: Mapping[DeletedBy, str] = {
    DeletedBy.TERM: N_("its term"),
    DeletedBy.ERASURE: N_("the citizen's wish"),
}
THINGS: Mapping[HeldThing, str] = {
    HeldThing.APPEAL: N_("Appeal"),
    HeldThing.CALL: N_("The call"),
    HeldThing.CITIZEN: N_("Citizen"),
}
ROOMS: Mapping[Room, str] = {
    Room.AMPLE: N_("Enough room on the disk"),
    Room.LOW: N_("Little room on the disk: copies that can be made anew are deleted, the oldest first"),
    Room.SPENT: N_("Hardly any room on the disk: calls are answered, but recordings may break off"),
}
