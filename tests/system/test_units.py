"""The units of systemd as docs/operations.md says: its lines, word by word, on machines of their own.

Two of them have an address that keepalived moves, and nginx before their pages, as a city has.
"""

import asyncio
import os
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.system.booted import (
    LOOK_SECONDS,
    OURS,
    PATIENCE_SECONDS,
    TOOLS,
    Booted,
    keep_spoken,
    lay_spoken,
    make_base,
    set_up,
    steps,
)

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
ASTERISKS_COPY = "var/lib/hotline/asterisk/lib/astdb.sqlite3"
ASTERISKS_MEMORY = "run/hotline-asterisk/astdb.sqlite3"
SOON = "[Timer]\nOnActiveSec=1s\nAccuracySec=100ms\n"
ANSWERED = "відповіли"
HOSTS = {"a": "192.0.2.11", "b": "192.0.2.12"}
DATABASE, MOVING, PROVIDER = "192.0.2.21", "192.0.2.10", "198.51.100.5"
SHARED = ("evidence", "recordings", "voices", "imports", "outbox", "asterisk/spool/recording")
PARTS = "hotline-part-edge hotline-asterisk hotline-part-telephony hotline-part-web@8080"
ROUNDS = ("hotline-part-scheduler", "hotline-part-media")
BOTH_ACTIVE = "[[ $(hotline edge show | grep -cw active) == 2 ]]"
CALL = "LC_ALL=uk_UA.UTF-8 {where} hotline citizen --keys 1 --seconds 12"
EDGE, EDGES_USER = "hotline-part-edge", "hotline-edge"
CERTIFICATE = (
    "install -d /etc/ssl/hotline && openssl req -x509 -newkey rsa:2048 -nodes -days 2"
    " -subj /CN=hotline.city.example -keyout /etc/ssl/hotline/privkey.pem -out /etc/ssl/hotline/fullchain.pem"
)
PAGE = f"""{OURS}/.venv/bin/python -c "
import ssl, urllib.request as r
asked = r.Request('https://{MOVING}/health/live', headers={{'Host': 'hotline.city.example'}})
print(r.urlopen(asked, timeout=10, context=ssl._create_unverified_context()).status)"
"""
CLOSED = f"""
as="setpriv --reuid {EDGES_USER} --regid {EDGES_USER} --clear-groups"
$as cat /etc/hotline/edge_database_url
process=/proc/$(systemctl show --property=MainPID --value hotline-part-telephony)
for one in $process/environ $process/maps /etc/hotline/hotline.env /var/lib/hotline/secrets/ari; do
    if $as cat $one; then echo "reads $one"; fi
done
"""
"""What Kamailio's user may read, and what not."""
LOOPBACK = f"""
group=/sys/fs/cgroup$(systemctl show --property=ControlGroup --value {EDGE})
agi=/dev/tcp/127.0.0.1/4573
bash -c "exec 3<>$agi" && echo open
timeout 5 bash -c "echo \\$\\$ >$group/cgroup.procs && exec 3<>$agi" || echo closed to Kamailio
"""
"""What is not let through gets no answer."""
STANDS_BY = "stands by"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debian on which the first steps were done: what is to be fetched is fetched once."""

    async def made() -> Path:
        base = await make_base(tmp_path_factory.mktemp("debian"))
        lay_spoken(base)
        await set_up(base, steps("one machine, set up"))
        keep_spoken(base)
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


async def _runs_as(machine: Booted, unit: str, user: str = "hotline") -> tuple[str, str]:
    """Tell what a unit's first process may do besides what this user may, whose it is."""
    status = await machine.run(
        f"cat /proc/$(systemctl show --property=MainPID --value {unit})/status; id -u {user}"
    )
    told = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert told["Uid"].split() == [status.split()[-1]] * 4, f"{user}'s own, and no way back"
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
    with closing(sqlite3.connect(a.root / ASTERISKS_COPY)) as copy, copy:
        copy.execute("INSERT INTO astdb VALUES ('/of-the-test', 'outlived the power cut')")
    await a.begin()
    await a.until_ready()
    assert ANSWERED in await a.run(call)
    assert b"outlived the power cut" in (a.root_of_first / ASTERISKS_MEMORY).read_bytes()

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
    shutil.copy(a.root / "etc/hotline/edge_database_url", b.root / "etc/hotline")
    await b.run(steps("second machine, set up"))


async def _give_the_address(machines: dict[str, Booted]) -> None:
    """Do step 6."""
    for name in HOSTS:
        await machines[name].run(f"{CERTIFICATE}\n{steps('two machines, address')}")
    await machines["b"].run(steps("second machine, address"))
    for name in HOSTS:
        await machines[name].run(steps("two machines, address begins"))


async def _holder(machines: dict[str, Booted], *, is_now: Booted | None = None) -> tuple[Booted, Booted]:
    """Wait until one of the two alone has the address, `is_now` where it is given; it, and the other."""
    pair = [machines[name] for name in HOSTS]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            has = [one for one in pair if f" {MOVING}/" in await one.run("ip -4 -o addr show")]
            if len(has) == 1 and (is_now is None or is_now is has[0]):
                (other,) = (one for one in pair if one is not has[0])
                return has[0], other
            await asyncio.sleep(LOOK_SECONDS)


async def _status(machine: Booted, unit: str) -> str:
    return await machine.run(f"systemctl show --property=StatusText {unit}")


async def _kamailio_is_kept_apart(machine: Booted) -> None:
    """Whoever took it over sees no state, no other's process, and nothing on loopback."""
    assert await _runs_as(machine, EDGE, EDGES_USER) == ("0000000000000000", "1")
    seen = await machine.run(
        f"nsenter --mount --target $(systemctl show --property=MainPID --value {EDGE})"
        " find /var/lib/hotline -mindepth 1 -maxdepth 1"
    )
    assert set(seen.split()) <= {"/var/lib/hotline/root"}
    read = await machine.run(CLOSED)
    assert read.startswith("postgres://edge:")
    assert "reads" not in read
    reached = await machine.run(LOOPBACK)
    assert reached.startswith("open")
    assert "closed to Kamailio" in reached


async def _the_address_moves(machines: dict[str, Booted], call: str) -> None:
    """Whatever of it dies, callers and people at pages come by the same address."""
    c = machines["c"]
    holder, other = await _holder(machines)
    await holder.run("systemctl kill --signal=KILL keepalived")
    await holder.until("(( $(systemctl show --property=NRestarts --value keepalived) > 0 ))")
    holder, other = await _holder(machines)
    assert ANSWERED in await c.run(call), "keepalived was killed, and has left its address where it was"

    for hit, mend in (("kill --signal=STOP", "kill --signal=CONT"), ("stop", "start")):
        await holder.run(f"systemctl {hit} {EDGE}")
        await _holder(machines, is_now=other)
        assert ANSWERED in await c.run(call)
        assert "200" in await c.until(PAGE)
        await holder.run(f"systemctl {mend} {EDGE}")
        await holder.until(BOTH_ACTIVE)
        holder, other = await _holder(machines, is_now=other)  # who has it keeps it

    await holder.run("systemctl stop hotline-part-web@8080")
    assert "200" in await c.until(PAGE), "by the other machine's process"
    await holder.run("systemctl start hotline-part-web@8080")
    await holder.run("systemctl kill --signal=KILL nginx")
    assert "200" in await c.until(PAGE)


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
    await _give_the_address(machines)
    await _holder(machines)
    for one in (a, b):
        await one.until(BOTH_ACTIVE)
    assert ANSWERED in await c.run(call)
    assert "200" in await c.until(PAGE)

    for unit in ("hotline-part-telephony", "hotline-part-web@8080", *ROUNDS):
        assert await _runs_as(a, unit) == ("0000000000000000", "1")
    await _kamailio_is_kept_apart(a)
    assert "✓ Kamailio" in await a.run("hotline doctor || true"), "nothing that it needs is on loopback"
    for unit in ROUNDS:
        assert STANDS_BY not in await _status(a, unit)
        await b.until(f"systemctl show --property=StatusText {unit} | grep '{STANDS_BY}'")
        assert "0" in await b.run(f"systemctl show --property=NRestarts --value {unit}")

    await _the_address_moves(machines, call)

    await c.run("systemctl stop postgresql")
    await a.run("systemctl restart hotline-part-edge && systemctl restart --no-block hotline-part-telephony")
    await a.until("(( $(systemctl show --property=NRestarts --value hotline-part-telephony) > 5 ))")
    assert ANSWERED in await c.run(call), "by Kamailio and Asterisk's own queue"
    await c.run("systemctl start postgresql")
    for one in (a, b):
        await one.until("systemctl is-active hotline-part-telephony")
        await one.until_ready()
    assert ANSWERED in await c.run(call)

    holder, other = await _holder(machines)
    await holder.lose_power()
    await other.until(f"ip -4 -o addr show | grep -F ' {MOVING}/'")
    assert ANSWERED in await c.run(call)
    for unit in ROUNDS:
        await other.until(f"! systemctl show --property=StatusText {unit} | grep '{STANDS_BY}'")
    await other.until_ready()
    assert ANSWERED in await c.run(call)
    assert "200" in await c.until(PAGE)
    calls = await c.run("runuser -u postgres -- psql -Atc 'SELECT id FROM calls' hotline")
    assert f"hotline-{other.name}-" in calls

    await holder.begin()
    await _cable(holder, c, HOSTS[holder.name])
    await holder.until_ready()
    await holder.until(BOTH_ACTIVE)
    await holder.until("systemctl is-active keepalived")
    await _holder(machines, is_now=other)
    for unit in ROUNDS:
        await holder.until(f"systemctl show --property=StatusText {unit} | grep '{STANDS_BY}'")
    assert ANSWERED in await c.run(call)
