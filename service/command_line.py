"""The `hotline` command: everything an administrator or a developer does by hand."""

import argparse
import asyncio
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import uvloop

from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from hotline.clock import SystemClock
from hotline.documents.document import DocumentKind
from hotline.errors import HotlineError
from hotline.intake.imports import RegisterKind
from hotline.voice.speech import Language
from service.commands.written_down import Command, written_down
from service.ending import BEGIN_ANEW
from service.node.logs import set_up_logs
from service.node.owner import become_owner
from service.settings.settings import Settings, read_settings
from storage.core.locked_file import held

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse names this nowhere else
OWNER_ONLY = 0o077


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. Foreseen errors are one line that says what to do."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    given = parser_for(typed).parse_args(typed, argparse.Namespace(typed=typed))
    os.umask(OWNER_ONLY)  # calls, recordings and logs are unreadable for other users of this machine
    logs = set_up_logs()
    try:
        settings = given.settings()
        if given.state is not None:
            become_owner(given.state(settings))
        return uvloop.run(given.run(settings, given)) or 0
    except (HotlineError, ExceptionGroup) as error:
        foreseen = _foreseen(error)
        logs.write_out()
        sys.stderr.write(f"hotline: {foreseen}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        logs.write_out()


def _foreseen(error: HotlineError | ExceptionGroup[Exception]) -> HotlineError:
    """Find the foreseen error in a task group's; raises the group when something else is in it as well."""
    while isinstance(error, ExceptionGroup):
        foreseen, rest = error.split(HotlineError)
        if foreseen is None or rest is not None:
            raise error
        error = foreseen.exceptions[0]
    return error


def parser_for(typed: Sequence[str]) -> argparse.ArgumentParser:
    """Know the command that is typed, or all: the service carries nothing of the others."""
    parser = argparse.ArgumentParser(prog="hotline", description="The city's hotline.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    named = next((one for one in typed if not one.startswith("-")), "")
    for add in [ADDERS[named]] if named in ADDERS else dict.fromkeys(ADDERS.values()):
        add(commands)
    return parser


def _add(
    commands: "Commands[argparse.ArgumentParser]",
    name: str,
    run: Command,
    text: str,
    *,
    of_state: bool = True,
) -> argparse.ArgumentParser:
    """Add a command; `of_state`: it reads or writes the state, and root gives way to the state's owner."""
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run, settings=read_settings, state=_of_hotline if of_state else None)
    return command


def _of_hotline(settings: Settings) -> Path:
    return settings.folders.var


def _of_edge(settings: Settings) -> Path:
    """Give Kamailio's folder, which a user of its own may have."""
    folders = settings.folders
    return folders.edge if folders.edge.is_dir() else folders.var


def _change(
    commands: "Commands[argparse.ArgumentParser]", name: str, run: Command, text: str
) -> argparse.ArgumentParser:
    """Add a command that changes something: it stands in the audit log."""
    return _add(commands, name, written_down(run), text)


def _add_running(commands: "Commands[argparse.ArgumentParser]") -> None:
    up = _add(commands, "up", _up, "start Asterisk and the service and keep both running")
    up.add_argument(
        "--scaled",
        action="store_true",
        help="two of each part that may be several, on PostgreSQL; `./start --scaled` sets them up",
    )
    one = _add(commands, "serve", _serve, "run the service alone, beside an Asterisk that runs already")
    kept = _add(
        commands, "keep", _keep, "run the service as `serve` does, and start it again when it dies or hangs"
    )
    for command in (one, kept):
        command.add_argument(
            "--role",
            action="append",
            default=[],
            metavar="ROLE",
            help="be one process of several on one PostgreSQL: web, telephony, scheduler, media; several may"
            " be given, with commas or again; without it the one process has all",
        )


def _add_database(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands.reindex import reindex

    _add(commands, "migrate", _migrate, "bring the database to the present schema")
    _add(commands, "reindex", reindex, "make appeals searchable that are from before there was a search")
    _add(commands, "seed", _seed, "fill an empty database with the demo city")


def _add_settings(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands.settings import settings

    one = _add(commands, "settings", settings, "tell the settings that are given, and names that are none")
    one.add_argument("--all", action="store_true", help="the others, too, with what holds without them")
    one.set_defaults(settings=_settings_with())


def _add_prompts(commands: "Commands[argparse.ArgumentParser]") -> None:
    _add(commands, "prompts", _prompts, "synthesise everything that is known ahead of a call")


def _add_doctor(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands.doctor import doctor

    _add(commands, "doctor", doctor, "tell whether all that must be true of the line and of Asterisk is")


def _add_citizen(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = _add(
        commands,
        "citizen",
        _citizen,
        "call the running hotline over SIP and tell what happens",
        of_state=False,
    )
    one.add_argument("--from", dest="from_number", default="+380457900001", metavar="NUMBER")
    one.add_argument(
        "--keys", default="", help="digits, * and #; a comma waits for the voice to pause: 2,2600001#"
    )
    one.add_argument("--play", type=Path, metavar="WAV", help="what the citizen says")
    one.add_argument("--record", type=Path, metavar="WAV", help="where to keep what the citizen heard")
    one.add_argument("--seconds", type=float, default=60.0, help="hang up after so long")


def _add_talk(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands.talk import add_options, talk

    one = _add(
        commands, "talk", talk, "hold any conversation of the hotline here, without telephony", of_state=False
    )
    add_options(one)
    one.set_defaults(settings=_settings_with("HOTLINE_DATABASE_URL"))


def _add_calls(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import calls

    group = commands.add_parser("calls", help="the call log").add_subparsers(required=True, metavar="ACTION")
    listing = _add(group, "list", calls.list_calls, "the latest calls")
    listing.add_argument("--most", type=int, default=20)
    show = _add(group, "show", calls.show_call, "one call's journey and recordings")
    show.add_argument("id")
    _add(group, "messages", calls.list_messages, "voice messages that citizens left")


def _add_recordings(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import recordings

    group = commands.add_parser("recordings", help="recordings of talks").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = _add(
        group,
        "verify",
        recordings.verify_recordings,
        "tell whether masters and their chain are what they were",
    )
    one.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="files of this day alone")
    _change(group, "key", recordings.add_key, "make a key under which all is encrypted from now on")
    _change(group, "encrypt", recordings.encrypt, "encrypt what lies plain, or under an older key")


def _add_closings(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import closings

    group = commands.add_parser("closings", help="how appeals ended, as it is published").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = _add(
        group, "verify", closings.verify, "tell whether what is published is what was signed", of_state=False
    )
    one.set_defaults(settings=_settings_with())
    one.add_argument(
        "source", help="the address of the page, such as https://hotline.city/closings, or a folder"
    )
    one.add_argument(
        "--head", type=Path, default=Path("closings-head.json"), help="keeps how far it was whole"
    )
    _change(group, "rotate", closings.rotate, "make a key that signs from now on, handed over by the old one")


def _add_dispatchers(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import dispatchers

    group = commands.add_parser("dispatcher", help="who answers").add_subparsers(
        required=True, metavar="ACTION"
    )
    add = _change(group, "add", dispatchers.add, "a new dispatcher with a desk phone")
    add.add_argument("extension", help="three digits, such as 201; never an emergency service's")
    add.add_argument("name")
    add.add_argument("--skill", action="append", default=[], help="may be given several times")
    _add(group, "list", dispatchers.list_dispatchers, "everyone and what they do now")
    renumber = _change(group, "renumber", dispatchers.renumber, "give a dispatcher another extension")
    renumber.add_argument("extension")
    renumber.add_argument("new")
    password = _change(group, "password", dispatchers.password, "give a desk's telephone another password")
    password.add_argument("extension")
    for name, run, text in (
        ("join", dispatchers.join, "go on duty, or come back from a pause"),
        ("leave", dispatchers.leave, "go off duty"),
    ):
        _change(group, name, run, text).add_argument("extension")
    pause = _change(group, "pause", dispatchers.pause, "take no calls for a while")
    pause.add_argument("extension")
    pause.add_argument("reason")


def _add_users(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import users

    group = commands.add_parser("user", help="who may sign in").add_subparsers(
        required=True, metavar="ACTION"
    )
    add = _change(group, "add", users.add, "open an account and print its first password")
    add.add_argument("login")
    add.add_argument("name")
    add.add_argument("role", choices=[role.value for role in Role])
    add.add_argument("--desk", default="", metavar="EXTENSION", help="the desk of a dispatcher")
    password = _change(group, "password", users.password, "give an account a new password")
    password.add_argument("login")
    password.add_argument("--ask", action="store_true", help="type it instead of having one made")
    _change(group, "close", users.close, "close an account").add_argument("login")
    reset = _change(group, "totp-reset", users.totp_reset, "forget a lost telephone's one-time code")
    reset.add_argument("login")
    _add(group, "list", users.list_users, "every account")


def _add_new_city(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import new_city

    group = commands.add_parser("setup", help="the set-up of a new city in the browser").add_subparsers(
        required=True, metavar="ACTION"
    )
    _change(group, "code", new_city.code, "print the code that opens it, once")
    _change(group, "end", new_city.end, "close it for good, whatever is missing")


def _add_tokens(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import tokens

    group = commands.add_parser("token", help="access for other systems").add_subparsers(
        required=True, metavar="ACTION"
    )
    add = _change(group, "add", tokens.add, "make a token and print it once")
    add.add_argument("name", help="which system it is for")
    add.add_argument("role", choices=[role.value for role in Role])
    add.add_argument("--by", required=True, metavar="LOGIN", help="the user who answers for it")
    add.add_argument("--executor", default="", metavar="SHORT", help="whose system it is, for that role")
    add.add_argument("--personal", action="store_true", help="it sees personal data")
    add.add_argument("--days", type=int, default=365, help="how long it lives")
    scopes = [one.value for one in Scope]
    opened = "what it opens, once for each; all that its role may, where none is named"
    add.add_argument("--scope", action="append", default=[], choices=scopes, help=opened)
    rescope = _change(group, "scopes", tokens.rescope, "let a token open these, and nothing else")
    rescope.add_argument("id", type=int)
    rescope.add_argument("scope", nargs="+", choices=scopes)
    renew = _change(group, "renew", tokens.renew, "give a token another secret and print it once")
    renew.add_argument("id", type=int)
    renew.add_argument("--days", type=int, default=7, help="how long the old secret stays good")
    _change(group, "revoke", tokens.revoke, "end a token at once").add_argument("id", type=int)
    _add(group, "list", tokens.list_tokens, "every token")


def _add_outbox(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import outbox

    group = commands.add_parser("outbox", help="who is owed to be told").add_subparsers(
        required=True, metavar="ACTION"
    )
    listing = _add(group, "list", outbox.list_notices, "what failed or is unsure, and how many wait")
    listing.add_argument("--appeal", default="", metavar="NUMBER", help="all notices of one appeal instead")
    listing.add_argument("--most", type=int, default=50)
    _change(group, "retry", outbox.retry, "send one again").add_argument("id", type=int)
    _change(group, "settle", outbox.settle, "its recipient knows: do not send it").add_argument(
        "id", type=int
    )
    test = _change(group, "test", outbox.test, "send a test message to oneself, now")
    test.add_argument("channel", choices=("email", "sms"))
    test.add_argument("address", help="an e-mail address, or a number")
    test.add_argument("--language", choices=[one.value for one in Language], default="uk")


def _add_registers(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import registers

    kinds = [kind.value for kind in RegisterKind]
    bring = _change(commands, "import", registers.bring, "look a file of a register through, and take it in")
    bring.add_argument("kind", choices=kinds)
    bring.add_argument("file", type=Path, help="CSV or XLSX, headings as an export has them")
    bring.add_argument("--yes", action="store_true", help="take the new lines in")
    bring.add_argument("--refused", type=Path, metavar="CSV", help="where to write refused lines, with why")
    out = _change(commands, "export", registers.take_out, "write a whole register into a file")
    out.add_argument("kind", choices=kinds)
    out.add_argument("file", type=Path, help="CSV, or XLSX by its name")


def _add_city_data(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import city_data

    group = commands.add_parser("city-data", help="the city's own documents").add_subparsers(
        required=True, metavar="ACTION"
    )
    kinds = [kind.value for kind in DocumentKind]
    _add(group, "list", city_data.list_documents, "which versions are in force, and which drafts wait")
    show = _add(group, "show", city_data.show, "write a document as it is kept, in TOML")
    show.add_argument("kind", choices=kinds)
    show.add_argument("--version", type=int, metavar="N", help="another than the one in force")
    check = _add(group, "check", city_data.check, "tell a file's faults, or what it would change")
    put = _change(group, "put", city_data.put, "put a file into force, once what it changes is agreed to")
    for one in (check, put):
        one.add_argument("kind", choices=kinds)
        one.add_argument("file", type=Path, help="TOML, as `show` writes it")
    put.add_argument("--note", required=True, help="why, for the history of versions")
    put.add_argument("--yes", action="store_true", help="without asking")
    _change(group, "drop", city_data.drop, "drop the draft that waits").add_argument("kind", choices=kinds)


def _add_city_map(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import city_map

    group = commands.add_parser("map", help="the city's own map").add_subparsers(
        required=True, metavar="ACTION"
    )
    put = _change(group, "put", city_map.put, "show this map on the city's page from now on")
    put.add_argument("file", type=Path, help="GeoJSON of quarters, streets and houses by name")


def _add_backups(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import backups

    backup = _change(
        commands, "backup", backups.backup, "keep the database and its files; the hotline goes on"
    )
    backup.add_argument("folder", type=Path, nargs="?", help="where backups are kept: var/backups")
    backup.add_argument("--keep", type=int, default=7, metavar="N", help="forget all but the last N; 0: none")
    restore = _change(commands, "restore", backups.restore, "bring a backup back, the hotline being stopped")
    restore.add_argument("folder", type=Path, help="one backup, as `hotline backup` names it")
    restore.add_argument("--over", action="store_true", help="though there is a state, which is set aside")
    prove = _add(commands, "prove", backups.prove, "bring a backup back as a trial; the hotline goes on")
    prove.add_argument("folder", type=Path, nargs="?", help="one backup; without it the last")


def _add_retention(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import retention

    group = commands.add_parser("keeping", help="terms of keeping, and what was deleted").add_subparsers(
        required=True, metavar="ACTION"
    )
    _add(group, "preview", retention.preview, "tell what is too old by now, and delete nothing")
    _change(group, "run", retention.run, "delete what is too old now, as the service does each night")
    log = _add(group, "log", retention.log, "what was deleted, when and by which term")
    log.add_argument("--most", type=int, default=50)


def _add_office(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import office

    group = commands.add_parser("office", help="files and journals of the office").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = _change(group, "export", office.export, "write a year's plan, journals and acts, with digests")
    one.add_argument("year", type=int)
    one.add_argument("folder", help="a new folder")


def _add_speech(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import speech

    group = commands.add_parser("speech", help="models that hear").add_subparsers(
        required=True, metavar="ACTION"
    )
    listing = _add(group, "models", speech.models, "the models that are set", of_state=False)
    check = _add(
        group, "check", speech.check, "what a folder's model is, how quick here, how right", of_state=False
    )
    check.add_argument("folder", type=Path, help="where the model's files lie")
    check.add_argument("--language", choices=[one.value for one in Language], default="uk")
    for one in (listing, check):
        one.set_defaults(settings=_settings_with())


def _add_edge(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import edge

    group = commands.add_parser("edge", help="Kamailio before several Asterisk nodes").add_subparsers(
        required=True, metavar="ACTION"
    )

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        """Add one that needs no password but Kamailio's own, as its container and unit have no other."""
        one = _add(group, name, run, text)
        one.set_defaults(settings=_settings_with("HOTLINE_EDGE_DATABASE_URL"), state=_of_edge)
        return one

    add("run", edge.run, "run Kamailio in the foreground")
    add("show", edge.show, "its nodes, how many calls each has, until when its certificate is good")
    add("renew", edge.renew, "read the certificate of SIP by TLS anew; talks go on")
    for name, run, text in (
        ("drain", edge.drain, "let a node take no new calls; those that it has go on"),
        ("return", edge.take_back, "let a node take calls again"),
    ):
        add(name, run, text).add_argument("node", help="its name in HOTLINE_EDGE_NODES")


def _add_database_machines(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import database

    group = commands.add_parser(
        "database", help="two database machines under Patroni, and a third that has a vote"
    ).add_subparsers(required=True, metavar="ACTION")
    written = _add(group, "write", database.write, "write this machine's configuration", of_state=False)
    written.add_argument("folder", type=Path, help="where to, such as /etc/hotline-database")
    backup = _add(group, "backup", database.backup, "back the primary up by pgBackRest", of_state=False)
    backup.add_argument("--full", action="store_true", help="whole, not what differs from the last whole one")
    prove = _add(group, "prove", database.prove, "bring the newest backup back as a trial", of_state=False)
    for one, secrets in ((backup, ()), (prove, ("HOTLINE_DATABASE_URL",))):
        one.add_argument("folder", type=Path, help="where `hotline database write` has written to")
        one.set_defaults(settings=_settings_with(*secrets))
    address = _add(group, "url", database.url, "what HOTLINE_DATABASE_URL has to be", of_state=False)
    address.add_argument("--pool", action="store_true", help="HOTLINE_DATABASE_POOL_URL instead")
    made = _add(group, "secret", database.secret, "a secret for all three machines", of_state=False)
    made.set_defaults(settings=_settings_with())
    for one in (written, address):
        one.set_defaults(settings=_settings_with("HOTLINE_DATABASE_SECRET"))


def _add_bench(commands: "Commands[argparse.ArgumentParser]") -> None:
    from service.commands import bench

    one = _add(commands, "bench", bench.measure, "measure what the hotline promises", of_state=False)
    bench.add_options(one)
    one.set_defaults(settings=_settings_with())


ADDERS: Mapping[str, Callable[["Commands[argparse.ArgumentParser]"], None]] = {
    "up": _add_running,
    "serve": _add_running,
    "keep": _add_running,
    "migrate": _add_database,
    "reindex": _add_database,
    "settings": _add_settings,
    "seed": _add_database,
    "prompts": _add_prompts,
    "doctor": _add_doctor,
    "citizen": _add_citizen,
    "talk": _add_talk,
    "calls": _add_calls,
    "recordings": _add_recordings,
    "closings": _add_closings,
    "dispatcher": _add_dispatchers,
    "user": _add_users,
    "setup": _add_new_city,
    "token": _add_tokens,
    "outbox": _add_outbox,
    "import": _add_registers,
    "export": _add_registers,
    "city-data": _add_city_data,
    "map": _add_city_map,
    "backup": _add_backups,
    "restore": _add_backups,
    "prove": _add_backups,
    "keeping": _add_retention,
    "office": _add_office,
    "speech": _add_speech,
    "edge": _add_edge,
    "database": _add_database_machines,
    "bench": _add_bench,
}


def _settings_with(*secrets: str) -> Callable[[], Settings]:
    """Read settings with no secrets but these: others may not be made yet, or be closed to this command."""
    return partial(read_settings, secrets=secrets)


async def _up(settings: Settings, given: argparse.Namespace) -> int:
    from service.demo.accounts import require_no_demo_accounts
    from service.node import supervisor
    from storage.core.service_lock import only_service
    from storage.store import open_storage

    async with held(settings.folders.supervisor_lock):
        while given.scaled:
            from service.scaled.programs import run

            if (ended := await run(settings)) != BEGIN_ANEW:
                return ended
            settings = given.settings()
        while True:
            async with (
                held(settings.folders.service_lock),
                open_storage(settings.database_url) as storage,
                only_service(storage.database),
            ):
                await require_no_demo_accounts(settings, storage)
            if (ended := await supervisor.run(settings)) != BEGIN_ANEW:
                return ended
            settings = given.settings()


async def _keep(settings: Settings, given: argparse.Namespace) -> int:
    from service.node import supervisor
    from service.processes.roles import roles_of

    if given.role:  # its own locks are the database's
        return await supervisor.run_service(sorted(roles_of(given.role)))
    async with held(settings.folders.supervisor_lock):
        async with held(settings.folders.service_lock):
            pass
        return await supervisor.run_service()


async def _serve(settings: Settings, given: argparse.Namespace) -> int:
    from service.processes.roles import roles_of
    from service.processes.turn import stands_by, turn_of

    roles = roles_of(given.role)
    if not stands_by(roles):
        from service.wiring.serve import serve

        return await serve(settings, roles)
    async with turn_of(settings, roles) as turn:
        if turn is None:
            return 0
        await asyncio.to_thread(importlib.import_module, "service.wiring.serve")  # beats go on meanwhile
        from service.wiring.serve import serve

        return await serve(settings, roles, turn)


async def _migrate(settings: Settings, given: argparse.Namespace) -> None:
    from service.commands.reindex import reindex
    from storage.migrations import migrate

    await migrate(settings.database_url)
    await reindex(settings, given)


async def _seed(settings: Settings, _given: argparse.Namespace) -> None:
    from service.demo.seed import seed

    await seed(settings)


async def _prompts(settings: Settings, _given: argparse.Namespace) -> None:
    from ivr_flows import prompts
    from service.wiring.voices import keep_fallback, voices
    from storage.store import open_storage

    async with open_storage(settings.database_url) as storage:
        made = voices(settings, storage)
        await made.synthesis.prepare(prompts.every_phrase(), Language, _progress)
        await keep_fallback(storage, made.fallback, SystemClock())


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{of}" + ("\n" if done == of else ""))


async def _citizen(settings: Settings, given: argparse.Namespace) -> int:
    from service.node.citizen import citizen

    return await citizen(
        settings,
        from_number=given.from_number,
        keys=given.keys,
        play=given.play,
        record=given.record,
        seconds=given.seconds,
    )
