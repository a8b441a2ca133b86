"""Folders of the state."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service import environment as env

ANOTHER_EDGE = "edge-"
"""Begins the folder of a further Kamailio's state."""


def _absolute(_name: str, given: str) -> Path:
    return Path(given).absolute()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Folders of the state. All are below `var`, unless Kamailio has its own elsewhere."""

    var: Path = env.parsed("HOTLINE_VAR", "var", "where state is kept", _absolute)
    root: str = env.text(
        "HOTLINE_PRIVATE_ROOT", "", "Asterisk and RHVoice where the system has none", usual="`var/root`"
    )
    memory: str = env.text(
        "HOTLINE_MEMORY_FOLDER",
        "",
        "a folder in memory (tmpfs) for Asterisk’s database: on a disk, calls wait while the disk does",
        usual="`asterisk/lib` in `var`",
    )
    own_edge: str = env.text(
        "HOTLINE_EDGE_FOLDER",
        "",
        "for `hotline edge`: the folder of Kamailio's configuration and sockets, where it has a user of its"
        " own",
        usual="`kamailio` in `var`",
    )

    @property
    def private_root(self) -> Path:
        """A Debian root with Asterisk and RHVoice for machines that have none (`./start` makes it)."""
        return Path(self.root or self.var / "root").absolute()

    @property
    def last_backup(self) -> Path:
        """Holds the moment of the last backup."""
        return self.var / "last-backup"

    @property
    def last_proof(self) -> Path:
        """Tells what came of the last trial of a backup."""
        return self.var / "last-proof"

    @property
    def proving_lock(self) -> Path:
        """Held by the one trial of a backup."""
        return self.var / "proving.lock"

    @property
    def prompts(self) -> Path:
        return self.var / "prompts"

    @property
    def voices(self) -> Path:
        """Recordings of people that replace synthesised prompts; Asterisk plays them from there."""
        return self.var / "voices"

    @property
    def recordings(self) -> Path:
        return self.var / "recordings"

    @property
    def messages(self) -> Path:
        """Voice messages; also Asterisk's own folder for ARI recordings."""
        return self.var / "asterisk" / "spool" / "recording"

    @property
    def laid_out(self) -> Path:
        """Sounds that a program reads or writes, plain, for as long as it runs."""
        return self.var / "laid-out"

    @property
    def masked(self) -> Path:
        """Copies of sounds with bleeps, for as long as somebody listens."""
        return self.var / "masked"

    @property
    def asterisk(self) -> Path:
        """Rendered configuration (`etc/`), logs (`log/`), spool (`spool/`) and run folder (`run/`)."""
        return self.var / "asterisk"

    @property
    def asterisk_memory(self) -> Path:
        """The folder of Asterisk's own database: contacts of telephones, members of its own queue."""
        return Path(self.memory).absolute() if self.memory else self.asterisk / "lib"

    @property
    def edge(self) -> Path:
        """Where there are several nodes: Kamailio's rendered configuration (`etc/`), run folder (`run/`)."""
        return Path(self.own_edge).absolute() if self.own_edge else self.var / "kamailio"

    @property
    def edges(self) -> Mapping[str, Path]:
        """The folders of all Kamailios of this machine, by the names of `./start --scaled`."""
        return {"1": self.edge} | {
            one.parent.name.removeprefix(ANOTHER_EDGE): one
            for one in sorted(self.var.glob(f"{ANOTHER_EDGE}*/kamailio"))
        }

    @property
    def postgresql(self) -> Path:
        """A PostgreSQL of our own, where `./start --scaled` has made one."""
        return self.var / "postgresql"

    @property
    def front(self) -> Path:
        """What stands before several processes of pages: its configuration and temporary files."""
        return self.var / "front"

    @property
    def cel(self) -> Path:
        return self.asterisk / "log" / "cel-custom" / "hotline.csv"

    @property
    def outbox(self) -> Path:
        """Notices as files, where there is no mail server or gateway."""
        return self.var / "outbox"

    @property
    def evidence(self) -> Path:
        """Photos and papers of appeals, under names of ours."""
        return self.var / "evidence"

    @property
    def imports(self) -> Path:
        """Files that were brought to be taken in, by the ids of their imports."""
        return self.var / "imports"

    @property
    def service_lock(self) -> Path:
        """Held by the one service of this state, as `supervisor_lock` by the one supervisor."""
        return self.var / "service.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.var / "supervisor.lock"

    @property
    def spill(self) -> Path:
        """Entries of calls while the database was away; the service writes them when it is back."""
        return self.var / "journal.spill"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"
