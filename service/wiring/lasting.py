"""Work that runs for as long as a process does, by the roles that it has."""

from attrs import define

from cti_server.api.feed import Feed
from cti_server.city_now.watch import CityWatch
from cti_server.desk.live import LiveDesks
from cti_server.operation.watch import AlertWatch
from cti_server.supervision.watch import BoardWatch
from hotline.air_raid.alarm import AirRaid
from hotline.appeals.escalation_loop import EMERGENCIES_SECONDS, Escalations
from hotline.isolation import repeat
from service.calls.storing import Storing
from service.cameras.streams import CameraStreams
from service.chats.alarm import ChatAlarm
from service.delivery.delivery import Delivery
from service.equipment.watch import EquipmentWatch
from service.informing.announcements import Announcements
from service.intake.imports import Imports
from service.neighbours.lines import NeighbourLines
from service.node import memory, watchdog
from service.node.bus import Bus
from service.processes.among import Among, Exchange, Lasting, together
from service.processes.gone_nodes import GoneNodes, ask_by_options
from service.processes.roles import Role
from service.retention.disk import Disk, DiskWatch
from service.settings.settings import Settings
from service.speech.beside import BesideTalks
from service.surveys.in_writing import EVERY_SECONDS as SURVEYS_EVERY
from service.surveys.in_writing import AsksInWriting
from service.wiring.messengers import Messengers
from service.wiring.neighbours import keep_lines
from service.wiring.rounds import air_raids, fresh, media_rounds, scheduler_rounds, telephony_rounds
from service.wiring.voices import Voices
from storage.sounds.store import KeptSounds
from storage.store import Storage
from telephony.node.connection import Connection
from telephony.speech.talk_ears import TalkEars

STREAM_SECONDS = 0.1


@define(eq=False, repr=False, kw_only=True)
class Work:
    """The parts that do something by themselves. `here` runs where the role is telephony."""

    settings: Settings
    storage: Storage
    among: Among
    here: Connection
    exchange: Exchange
    speaking: Voices
    alerts: AlertWatch
    announcements: Announcements
    ears: TalkEars
    neighbours: NeighbourLines
    beside: BesideTalks | None
    desks: LiveDesks
    stream: Feed
    city_watch: CityWatch
    board_watch: BoardWatch
    streams: CameraStreams
    air: AirRaid
    equipment: EquipmentWatch
    escalations: Escalations
    chat_alarm: ChatAlarm
    asks_in_writing: AsksInWriting
    news_of_chats: Delivery
    imports: Imports
    carriers: Messengers
    disk: Disk
    events: Bus
    sounds: KeptSounds
    putting: Storing | None

    def lasting(self) -> Lasting:
        """Give by name what this process does; it runs until it is cancelled."""
        of_role = {
            Role.TELEPHONY: self._of_telephony,
            Role.WEB: self._of_web,
            Role.SCHEDULER: self._of_scheduler,
            Role.MEDIA: self._of_media,
        }
        of_each = {"watchdog": watchdog.beat(), "memory": memory.keep()}
        of_ours = (of() for role, of in of_role.items() if role in self.among.roles)
        return together(of_each, self.among.lasting(), fresh(self.storage), *of_ours)

    def _of_telephony(self) -> Lasting:
        alarm = self.chat_alarm.look
        of_role = {
            "asterisk": self.here.keep(),
            "announcements": self.announcements.keep(),
            "ears": self.ears.keep(),
            "neighbour-lines": keep_lines(self.neighbours, self.speaking.voice, self.settings),
            "read-ahead": self.speaking.ahead.keep(),
            "board": self._board(),
            "disk": DiskWatch(self.disk, self.speaking.forget, self.settings.folders.recordings).keep(),
            **({"beside": self.beside.keep()} if self.beside is not None else {}),
            **(
                {"chat-alarm": repeat(alarm, every=EMERGENCIES_SECONDS, failure="nobody rung for chats")}
                if Role.SCHEDULER not in self.among.roles
                else {}
            ),
        }
        rounds = telephony_rounds(self.settings, self.storage, self.exchange)
        return together(of_role, rounds, self._of_node())

    def _of_node(self) -> Lasting:
        """Go on with what other nodes were doing that are gone, where their addresses are known."""
        edge = self.settings.edge
        others = {node: at for node, at in edge.nodes.items() if edge.node and node != edge.node}
        if not others:
            return {}

        async def adopt(node: str, call_back: bool) -> None:  # noqa: FBT001 - a fact, not a mode
            await self.here.adopt(node, call_back=call_back)

        gone = GoneNodes(
            nodes=others, serves=lambda node: node in self.among.nodes(), adopts=adopt, asks=ask_by_options
        )
        return {"gone-nodes": gone.keep()}

    def _of_web(self) -> Lasting:
        roles, city = self.among.roles, self.city_watch
        of_role = {
            "desks": self.desks.run(),
            "stream": repeat(
                self.stream.refresh, every=STREAM_SECONDS, failure="line not told to other systems"
            ),
            "city-now": repeat(
                city.look, every=STREAM_SECONDS, failure="the city's page not told of changes"
            ),
            "cameras": self.streams.keep(),
            "alerts": self.alerts.keep(),
            **({"board": self._board()} if Role.TELEPHONY not in roles else {}),
            **({"equipment": self.equipment.follow()} if Role.SCHEDULER not in roles else {}),
        }
        return together(of_role, air_raids(self.settings, self.air, city.look_soon))

    def _of_scheduler(self) -> Lasting:
        of_role = {
            "equipment": self.equipment.keep(),
            "escalation": self.escalations.keep(),
            "imports": self.imports.keep(),
            "surveys-in-writing": repeat(
                self.asks_in_writing.look,
                every=SURVEYS_EVERY,
                failure="applicants not asked in writing",
            ),
            "news-of-chats": self.news_of_chats.keep(),
        }
        rounds = scheduler_rounds(self.settings, self.storage, events=self.events, sounds=self.sounds)
        return together(of_role, rounds, self.carriers.lasting())

    def _of_media(self) -> Lasting:
        rounds = media_rounds(
            self.settings,
            self.storage,
            self.exchange,
            disk=self.disk,
            events=self.events,
            sounds=self.sounds,
        )
        putting = {"recordings-elsewhere": self.putting.keep()} if self.putting is not None else {}
        return together(rounds, putting)

    async def _board(self) -> None:
        """Tell boards of changes, and look after who is on talks where the telephone is here."""
        failure = "the board not told of changes"
        await repeat(self.board_watch.look, every=STREAM_SECONDS, failure=failure)
