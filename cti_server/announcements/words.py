"""The words of the pages of announcements, and what their parts share."""

from collections.abc import Mapping

from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from hotline.access.permissions import Permission
from hotline.informing.city_messages import MessageAct
from hotline.voice.voice_recordings import Origin, SoundFault

PATH = "/announcements"
PHRASES = "/announcements/phrases"
SEE = allowed(Permission.SEE_ANNOUNCEMENTS)
MANAGE = allowed(Permission.MANAGE_ANNOUNCEMENTS)

HOURS = (0, 1, 2, 3, 6, 12, 24, 48)
"""After how many a message can go off by itself; 0: it stays on."""
ACTS: Mapping[MessageAct, str] = {
    MessageAct.ENTERED: N_("Prepared"),
    MessageAct.AMENDED: N_("Text changed"),
    MessageAct.SWITCHED_ON: N_("Switched on"),
    MessageAct.SWITCHED_OFF: N_("Switched off"),
    MessageAct.REMOVED: N_("Removed"),
}
GROUPS: Mapping[str, str] = {
    "messages": N_("Messages to the whole city"),
    "outages": N_("Outages, now and announced"),
    "call": N_("From the greeting to the good-bye"),
    "fallback": N_("When the service is away"),
    "asked": N_("Asking about outages"),
    "appeals": N_("The state of an appeal"),
    "duty": N_("Calls to enterprises on duty"),
    "equipment": N_("Calls about equipment"),
    "power-calls": N_("Calls before the power changes"),
    "head": N_("Switching the message by telephone"),
    "places": N_("Places in the line"),
    "waits": N_("How long it takes"),
    "other": N_("Everything else"),
}
FOLDED = frozenset({"places", "waits"})
"""Dozens of nearly the same."""
ORIGINS: Mapping[Origin, str] = {
    Origin.FILE: N_("from a file"),
    Origin.MICROPHONE: N_("recorded here"),
    Origin.TELEPHONE: N_("dictated by telephone"),
}
NOTHING_BROUGHT = N_("Choose a file, or record your voice.")
NO_WORDS = N_("Without this voice nothing would be said: write the text of the message first.")
OTHER_WORDS = N_("The words have changed meanwhile: read the new ones, and record once more.")
FAULTS: Mapping[SoundFault, str] = {
    SoundFault.UNREADABLE: N_("This is no sound that opens. Bring WAV, MP3, OGG, M4A, FLAC or WebM."),
    SoundFault.SILENT: N_("Nothing is heard in it. Check the microphone and record once more."),
    SoundFault.TOO_LONG: N_("It is longer than three minutes. Leave what matters most."),
    SoundFault.TOO_LARGE: N_("The file is larger than 30 MB. Bring it as MP3, or shorter."),
}
