"""Words of a talk on the desk: those that it does not show yet, with the slots that were found in them."""

from cti_server.desk.parts import part
from cti_server.frame.pages import Pages
from cti_server.screens import Screen
from hotline.speech.live import LiveTalk


def asked_about(call_id: str) -> str:
    """Name the words of a call on the desk of a colleague who is asked about it: there no form takes them."""
    return f"asked-{call_id}"


def news_of(pages: Pages, screen: Screen, talk: LiveTalk, place: str) -> str:
    """Write what this browser does not show yet at a place; all of it when it was told nothing of the call.

    `place` is the call itself, or `asked_about`.
    """
    sent = screen.shown.get(_key(place))
    know_all(screen, talk, place)
    new = [one for one in talk.said if sent is None or one.changed > int(sent)]
    return part(
        pages, screen.language, "heard" if sent is None else "heard_news", heard=talk, call_id=place, new=new
    )


def know_all(screen: Screen, talk: LiveTalk | None, place: str) -> None:
    """Take down that this browser shows all that is heard so far; None: nothing is, yet."""
    if talk is None:
        screen.shown.pop(_key(place), None)
    else:
        screen.shown[_key(place)] = str(talk.changes)


def _key(place: str) -> str:
    return f"heard-{place}"
