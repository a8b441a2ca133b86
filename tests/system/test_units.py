"""The units of systemd as docs/operations.md says: its lines, word by word, on machines of their own."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.system.booted import OURS, TOOLS, Booted, make_base, set_up, steps

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.system,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, TOOLS)), reason=f"needs root and {', '.join(TOOLS)}"
    ),
]

FEWER_FILES = "[Service]\nLimitNOFILE=20000\n"
"""Where the computer that the tests are on has fewer files than a machine of a town."""
SOON = "[Timer]\nOnActiveSec=1s\nAccuracySec=100ms\n"
ANSWERED = "відповіли"
HOSTS = {"a": "192.0.2.11", "b": "192.0.2.12"}
DATABASE, MOVING, PROVIDER = "192.0.2.21", "192.0.2.10", "198.51.100.5"
SHARED = ("evidence", "recordings", "voices", "imports", "outbox", "asterisk/spool/recording")
PARTS = "hotline-part-edge hotline-asterisk hotline-part-telephony hotline-part-web@8080"
ROUNDS = ("hotline-part-scheduler", "hotline-part-media")
BOTH_ACTIVE = "[[ $(hotline edge show | grep -cw active) == 2 ]]"
CALL = "LC_ALL=uk_UA.UTF-8 {where} hotline citizen --keys 1 --seconds 12"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian on which the first steps were done: what is to be fetched is fetched once."""

    async def made() -> Path:
        base = await make_base(tmp_path_factory.mktemp("debian"))
        await set_up(base, steps("one machine, set up"))
        return base

    return asyncio.run(made())


@pytest.fixture
async def machines(base: Path, tmp_path: Path) -> AsyncIterator[dict[str, Booted]]:
    made = {name: Booted(name=name, base=base, folder=tmp_path / name) for name in ("a", "b", "c")}
    try:
        for one in made.values():
            await one.lay()
            one.put("/etc/systemd/system/hotline-asterisk.service.d/files.conf", FEWER_FILES)
        yield made
    finally:
        for one in made.values():
            await one.remove()


async def _runs_as(machine: Booted, unit: str) -> tuple[str, str]:
    """Give the user of a unit's first process, and what it may do besides."""
    status = await machine.run(
        f"cat /proc/$(systemctl show --property=MainPID --value {unit})/status; id -u hotline"
    )
    told = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert told["Uid"].split() == [status.split()[-1]] * 4, "hotline's own, and no way back"
    return told["CapBnd"], told["NoNewPrivs"]


async def _killed(machine: Booted, unit: str) -> None:
    """Kill a unit's first process, and wait until another is there."""
    show = f"systemctl show --property=MainPID --value {unit}"
    before = (await machine.run(show)).strip()
    await machine.run(f"kill -9 {before}")
    await machine.until(f'systemctl is-active {unit} && [[ $({show}) != "{before}" && $({show}) != 0 ]]')


async def test_one_machine_takes_calls_is_begun_again_and_makes_its_backups(
    machines: dict[str, Booted],
) -> None:
    a = machines["a"]
    settings = a.root / "etc/hotline/hotline.env"
    settings.write_text(
        settings.read_text("utf-8") + "HOTLINE_CALLS_FROM_HERE=1\nHOTLINE_CITY_NAME=Біла Церква\n"
    )
    assert not (a.root / "var/lib/hotline/secrets/demo-accounts").exists()
    await a.begin()
    assert re.search(r"(\d{4} ){3}\d{4}", await a.run(steps("one machine, run"))), "the code of the set-up"
    await a.until_ready()
    call = CALL.format(where="")
    assert ANSWERED in await a.run(call)
    assert "Біла Церква" in await a.run("hotline settings")
    assert (await a.run("hotline doctor || true")).count("✗") == 1, "there are no rules yet by which to ring"

    for unit in ("hotline", "hotline-asterisk"):
        assert await _runs_as(a, unit) == ("0000000000000000", "1")
        await _killed(a, unit)
        await a.until_ready()
        assert ANSWERED in await a.run(call)
    await a.run("systemctl restart hotline-asterisk hotline")
    await a.until_ready()
    await a.lose_power()
    await a.begin()
    await a.until_ready()
    assert ANSWERED in await a.run(call)

    a.put("/etc/systemd/system/hotline-backup.timer.d/soon.conf", SOON)
    await a.run("systemctl daemon-reload && systemctl restart hotline-backup.timer")
    await a.until("[[ $(systemctl show --property=ActiveState --value hotline-backup) == inactive ]]"
                  " && compgen -G '/var/backups/hotline/*/manifest.json'")  # fmt: skip
    await a.run("systemctl start hotline-backup")
    backups = (await a.run("ls -d /var/backups/hotline/*")).split()
    assert len(backups) == 2
    assert "proven" in await a.run(f"hotline prove {backups[-1]}")

    await a.run("systemctl stop hotline")
    assert ANSWERED in await a.run(call), "by Asterisk's own queue"
    await a.run("systemctl stop hotline-asterisk")
    assert "failed" not in await a.run("systemctl show --property=ActiveState hotline hotline-asterisk")
    assert (await a.run("journalctl --no-pager -o cat -u hotline | grep -c Traceback || true")).strip() == "0"


async def _cable(machine: Booted, at: Booted, address: str) -> None:
    """Lay a cable from the switch, which is on that machine, to this one."""
    ends = f"ip link add v-{machine.name} type veth peer name eth0 netns {machine.first}"
    # Both names are of this computer's processes: the switch's own commands know no others.
    process = await asyncio.create_subprocess_exec(
        *("nsenter", "--target", str(at.first), "--net", *ends.split())
    )
    assert await process.wait() == 0
    await at.run(f"ip link set v-{machine.name} master switch up")
    await machine.run(
        f"ip addr add {address}/24 dev eth0 && ip link set eth0 up && ip route add default via {DATABASE}"
    )


async def _lay_network(machines: dict[str, Booted]) -> None:
    """The database's machine has the switch, and the provider beside it."""
    c = machines["c"]
    await c.run(
        "ip link add switch type bridge && ip link set switch up &&"
        f" ip addr add {DATABASE}/24 dev switch && ip addr add {PROVIDER}/24 dev switch &&"
        f" ip route add {MOVING}/32 dev switch src {PROVIDER}"
    )
    for name, host in HOSTS.items():
        await _cable(machines[name], c, host)


UNDONE = """
userdel hotline
rm -rf /etc/hotline
find /var/lib/hotline -mindepth 1 -maxdepth 1 ! -name root ! -name prompts -exec rm -rf {} +
systemctl mask postgresql
apt-get update
"""
"""A machine without a hotline again, but for what was fetched and spoken."""


async def _set_up_two(machines: dict[str, Booted]) -> None:
    """Do steps 1 to 4; a machine of its own has the database."""
    a, b, c = machines["a"], machines["b"], machines["c"]
    c.put("/etc/postgresql/17/main/conf.d/city.conf", "listen_addresses = '*'\nmax_connections = 300\n")
    with (c.root / "etc/postgresql/17/main/pg_hba.conf").open("a", encoding="utf-8") as hba:
        hba.write("host all all 192.0.2.0/24 scram-sha-256\n")
    of_a = steps("two machines, settings")
    of_b = re.sub(r"(?m)^(HOTLINE_(SIP|EDGE)_HOST)=.*$", rf"\1={HOSTS['b']}", of_a)
    of_b = of_b.replace("NODE=a", "NODE=b").replace(f"PEER={HOSTS['b']}", f"PEER={HOSTS['a']}")
    for one, text in ((a, of_a), (b, of_b)):
        await set_up(one.root, UNDONE + steps("two machines, programs"))
        one.put("/etc/hotline/hotline.env", text + "\n")
    for folder in SHARED:
        await b.share(f"/var/lib/hotline/{folder}", a)
    for one in (c, a, b):
        await one.begin()
    await _lay_network(machines)
    await c.until("pg_isready --host=127.0.0.1")
    await c.run(f"runuser -u postgres -- psql -v ON_ERROR_STOP=1 <<'END'\n{steps('database')}\nEND")
    await a.run(steps("first machine, set up"))
    secrets = "var/lib/hotline/secrets"
    shutil.copytree(a.root / secrets, b.root / secrets, dirs_exist_ok=True)
    await b.run(steps("second machine, set up"))


async def test_two_machines_take_calls_wait_for_the_database_and_one_outlives_the_other(
    machines: dict[str, Booted],
) -> None:
    a, b, c = machines["a"], machines["b"], machines["c"]
    await _set_up_two(machines)
    await c.run(f"install -m 755 {OURS}/setup/systemd/hotline /usr/local/sbin/hotline")
    call = CALL.format(where=f"HOTLINE_SIP_HOST={MOVING}")
    for one in (a, b):
        await one.run(steps("two machines, run"))
        await one.until_ready()
    await a.run(f"ip addr add {MOVING}/32 dev eth0")  # as keepalived does, of which other tests are
    for one in (a, b):
        await one.until(BOTH_ACTIVE)
    assert ANSWERED in await c.run(call)

    for unit in ("hotline-part-edge", "hotline-part-telephony", "hotline-part-web@8080", *ROUNDS):
        assert await _runs_as(a, unit) == ("0000000000000000", "1")
    seen = await a.run(
        "nsenter --mount --target $(systemctl show --property=MainPID --value hotline-part-edge)"
        " find /var/lib/hotline -maxdepth 2 -path '*/root/*' -prune -o -type f -print -o -type d -print"
    )
    assert set(seen.split()) - {
        f"/var/lib/hotline{one}" for one in ("", "/kamailio", "/root", "/secrets")
    } == {
        *(f"/var/lib/hotline/kamailio/{one}" for one in ("etc", "run")),
        "/var/lib/hotline/secrets/edge_database_url",
    }
    for unit in ROUNDS:
        assert "auto-restart" in await b.until(
            f"systemctl show --property=SubState {unit} | grep auto-restart"
        )
        assert "active" in await a.run(f"systemctl is-active {unit}")

    await c.run("systemctl stop postgresql")
    await a.run("systemctl restart hotline-part-edge && systemctl restart --no-block hotline-part-telephony")
    await a.until("(( $(systemctl show --property=NRestarts --value hotline-part-telephony) > 5 ))")
    assert ANSWERED in await c.run(call), "by Kamailio and Asterisk's own queue"
    await c.run("systemctl start postgresql")
    for one in (a, b):
        await one.until("systemctl is-active hotline-part-telephony")
        await one.until_ready()
    assert ANSWERED in await c.run(call)

    await a.lose_power()
    await b.run(f"ip addr add {MOVING}/32 dev eth0")
    await c.run(f"ip neigh flush to {MOVING}")
    assert ANSWERED in await c.run(call)
    for unit in ROUNDS:
        await b.until(f"systemctl is-active {unit}")
    await b.until_ready()
    assert ANSWERED in await c.run(call)
    assert "hotline-b-" in await c.run("runuser -u postgres -- psql -Atc 'SELECT id FROM calls' hotline")

    await a.begin()
    await _cable(a, c, HOSTS["a"])
    await a.until_ready()
    await a.until(BOTH_ACTIVE)
