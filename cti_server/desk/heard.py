"""Words of a talk on the desk: those that it does not show yet, with the slots that were found in them."""

from cti_server.desk.parts import part
from cti_server.frame.pages import Pages
from cti_server.screens import Screen
from hotline.speech.live import LiveTalk


def news_of(pages: Pages, screen: Screen, talk: LiveTalk) -> str:
    """Write what this browser does not show yet; all of it when it has not been told anything of the call."""
    key = f"heard-{talk.call_id}"
    sent = screen.shown.get(key)
    screen.shown[key] = str(talk.count)
    new = [one for one in talk.said if sent is None or one.number > int(sent)]
    name = "heard" if sent is None else "heard_news"
    return part(pages, screen.language, name, heard=talk, call_id=talk.call_id, new=new)
