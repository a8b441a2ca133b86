"""The text after ./start --scaled once the hotline answers: what runs where, and how one sees it."""

from collections.abc import Mapping

from service.node.welcome import accounts_text, hotline_command
from service.scaled.layout import Layout
from service.settings.settings import Settings

TEXT = """
Гаряча лінія працює з двох однакових половин на цій машині.
  Вебсторінка:      {page} (nginx перед двома процесами, порти {pages})
  Номер:            {number} (SIP: sip:{number}@{first} або sip:{number}@{second}: дві Kamailio)
  За ними:          вузли Asterisk {nodes}, у кожного свій процес телефонії
  Окремо:           процес розкладу й медіа; PostgreSQL {database}
  Без телефона:     {command} citizen --keys 1
  Як розподілено:   {command} edge show
  Зупинити:         Ctrl-C (зупиняє все)

The hotline is running from two halves on this machine.
  Web page:         {page} (nginx before two processes, ports {pages})
  Number to call:   {number} (SIP: sip:{number}@{first} or sip:{number}@{second}: two Kamailios)
  Behind them:      Asterisk nodes {nodes}, each with a telephony process
  Besides:          one process for the schedule and media; PostgreSQL {database}
  Without a phone:  {command} citizen --keys 1
  How it is spread: {command} edge show
  To stop:          Ctrl-C (stops everything)

"""


def welcome_text(layout: Layout, settings: Settings, page: str, accounts: Mapping[str, str]) -> str:
    first, second = (f"{one.settings.edge.host}:{one.settings.edge.port}" for one in layout.edges)
    text = TEXT.format(
        page=page,
        pages=", ".join(map(str, layout.pages)),
        number=settings.number,
        first=first,
        second=second,
        nodes=", ".join(f"{one.name} (SIP {one.settings.sip_port})" for one in layout.nodes),
        database=f"127.0.0.1:{layout.database_port}" if layout.database_port else "(HOTLINE_DATABASE_URL)",
        command=hotline_command(settings),
    )
    return text + accounts_text(page, accounts)
