"""Roles of the contact centre, and the permissions of each (regulation 1.3, 6.10, 6.13)."""

from enum import StrEnum


class Role(StrEnum):
    """The role of a user in the contact centre."""

    DISPATCHER = "dispatcher"
    HEAD = "head"
    EXECUTOR = "executor"
    OBSERVER = "observer"
    """The mayor, the council, the executive committee, the department above: reads, changes nothing.

    Appeals, which name residents, they open only where their account has the right to personal data.
    """
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Permissions; each route names the one it needs."""

    ANSWER_CALLS = "answer-calls"
    ANSWER_CHATS = "answer-chats"
    """To read and answer what residents write; it takes no telephone."""
    CALL_OUT = "call-out"
    """To have the desk's telephone call citizens and enterprises."""
    SEE_CALLS = "see-calls"
    HEAR_RECORDINGS = "hear-recordings"
    DOWNLOAD_RECORDINGS = "download-recordings"
    """To take a recording away; hearing it needs HEAR_RECORDINGS alone."""
    HEAR_UNMASKED = "hear-unmasked"
    """To hear and read what is masked besides: numbers of cards, of passports, of taxpayers."""
    REGISTER_APPEALS = "register-appeals"
    SEE_APPEALS = "see-appeals"
    SEE_LINE = "see-line"
    MANAGE_USERS = "manage-users"
    NAME_ACTING_HEAD = "name-acting-head"
    """To name the dispatcher who stands in for the head, and to end that early (regulation 5.2)."""
    SEE_AUDIT = "see-audit"
    HANDLE_APPEALS = "handle-appeals"
    """To take down an applicant's word, ask them, note, correct, link, forward, close unconfirmed."""
    ASSIGN_APPEALS = "assign-appeals"
    CONTROL_APPEALS = "control-appeals"
    """To extend, reject, put under control."""
    SEE_CONTROL = "see-control"
    """Overdue appeals by enterprise, and the line's report: figures, and nobody's personal data."""
    MANAGE_RULES = "manage-rules"
    SEE_CITY_DATA = "see-city-data"
    """The classifier, paperwork, holidays and such as they are in force, and their versions."""
    MANAGE_CITY_DATA = "manage-city-data"
    """To draft another version of them, and to put it into force."""
    MANAGE_SURVEYS = "manage-surveys"
    """The questions of automatic calls."""
    MANAGE_EXECUTORS = "manage-executors"
    WORK_ON_APPEALS = "work-on-appeals"
    """On those of one's own enterprise only."""
    SEE_OUTAGES = "see-outages"
    """Outages of all enterprises; that there is an outage is public, who entered it and when is not."""
    MANAGE_OUTAGES = "manage-outages"
    """To enter, change, end and cancel any."""
    TELL_POWER = "tell-power"
    """To tell the day schedules of power by token; an enterprise where it is the supplier."""
    ENTER_OWN_OUTAGES = "enter-own-outages"
    """And to change, end and cancel them: those of one's own enterprise only."""
    SEE_CAMPAIGNS = "see-campaigns"
    """Automatic calls under way and the progress of campaigns; numbers are masked."""
    MANAGE_CAMPAIGNS = "manage-campaigns"
    """To start, pause and stop campaigns, and to edit the do-not-call list."""
    SET_PRESENCE = "set-presence"
    """Of any dispatcher, as a roster of shifts does; one's own takes ANSWER_CALLS."""
    PREPARE_INFORMING = "prepare-informing"
    """To prepare an order by which residents are informed, and to watch, hold and stop it."""
    APPROVE_INFORMING = "approve-informing"
    """To allow one that another has prepared (regulation 2.8)."""
    SHARE_VIEWS = "share-views"
    """To keep filters of a list for everybody; one's own anyone may keep."""
    IMPORT_DATA = "import-data"
    """To bring in registers from files, and take them out."""
    MANAGE_RETENTION = "manage-retention"
    """To see what was deleted, to place legal holds, to erase a citizen, to take out all of theirs."""
    SEE_ANNOUNCEMENTS = "see-announcements"
    """The announcements that callers hear, and whether the city's message is on."""
    MANAGE_ANNOUNCEMENTS = "manage-announcements"
    """To switch the city's message, and to let a person's voice speak."""
    ASSESS_TALKS = "assess-talks"
    """To assess the talks of dispatchers, and to keep their training records (regulation 6.8)."""
    DECIDE_DISPUTES = "decide-disputes"
    """To decide what a dispatcher disputes of a score."""
    SUPERVISE = "supervise"
    """To see live who talks with whom, to listen, whisper, join and take over (regulation 6.4)."""
    SEE_OWN_ASSESSMENTS = "see-own-assessments"
    """To read the scores of one's own talks, and to dispute them."""
    SEE_KNOWLEDGE = "see-knowledge"
    """The articles of the knowledge base, public or not (regulation 2.6), and the directory."""
    WRITE_KNOWLEDGE = "write-knowledge"
    """To add articles, to change those that one answers for, and to note what is missing."""
    MANAGE_KNOWLEDGE = "manage-knowledge"
    """To change any article, to say who answers for it, whether it is public and spoken to callers."""
    SIGN_REPORTS = "sign-reports"
    """To sign papers, to correct them, and to set how they are made and to whom they go."""
    MANAGE_ROSTER = "manage-roster"
    """To draw the roster of shifts, and to publish it (regulation 6.3)."""
    SEE_HANDOVERS = "see-handovers"
    """To read what one shift left to the next; handing over and taking over needs SEE_OWN_SHIFTS."""
    SEE_EQUIPMENT = "see-equipment"
    """To see whether what the centre works with is in order (regulation 6.7); no addresses, and no people."""
    MANAGE_EQUIPMENT = "manage-equipment"
    """To enter what is looked at, whom it calls, and when it is being worked on."""
    SEE_OPERATION = "see-operation"
    """To see what of the hotline itself is amiss, since when and what to do."""
    SEE_OFFICE = "see-office"
    """To read plans of files, journals and acts, and to register papers (regulation 5.9)."""
    MANAGE_OFFICE = "manage-office"
    """To write plans of files, to close a year, and to have files go by an act (regulation 6.5)."""
    WATCH_CAMERAS = "watch-cameras"
    """To watch the city's cameras, and to hand over what is seen on them (regulation 3.2)."""
    MANAGE_CAMERAS = "manage-cameras"
    """To enter cameras with the addresses of their streams, and to read who watched them when."""
    SEE_OWN_SHIFTS = "see-own-shifts"
    """To see one's own shifts and who is on with one, and to have them in a calendar."""
    PREPARE_STATEMENTS = "prepare-statements"
    """To write statements for media and the Internet, and to correct them (regulation 3.4)."""
    APPROVE_STATEMENTS = "approve-statements"
    """To publish what another has written, and to withdraw it."""
    SEE_TASKS = "see-tasks"
    """The tasks of everybody, and the orders of the council and the mayor (regulation 4.6)."""
    DO_TASKS = "do-tasks"
    """To accept and report tasks for which one is responsible, or one's enterprise is."""
    GIVE_TASKS = "give-tasks"
    """To give tasks, to change and withdraw them, and to take any off control (regulation 6.6)."""
    SEE_MEETINGS = "see-meetings"
    """To have the list of one's own meetings, and to be named as a secretary (regulation 4.5)."""
    HOLD_MEETINGS = "hold-meetings"
    """To call meetings, to see all of them, and to sign minutes."""
    ASK_ENTERPRISES = "ask-enterprises"
    """To send them requests for information and read the answers (4.2), and to ask for specialists (4.4)."""
    MANAGE_NEIGHBOURS = "manage-neighbours"
    """To agree with another city that one answers the other's telephone, and to end that."""
    WRITE_MEMOS = "write-memos"
    """To write proposals and memoranda, and to note their answers (regulation 4.8, 6.12)."""


AT_A_DESK = frozenset(
    {
        Permission.ANSWER_CALLS,
        Permission.CALL_OUT,
        Permission.SEE_OWN_ASSESSMENTS,
        Permission.SEE_OWN_SHIFTS,
    }
)


OF_AN_ENTERPRISE = frozenset({Permission.WORK_ON_APPEALS, Permission.ENTER_OWN_OUTAGES})
"""Allowed to nobody who is not bound to one."""
_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.DISPATCHER: frozenset(
        {
            Permission.ANSWER_CALLS,
            Permission.ANSWER_CHATS,
            Permission.CALL_OUT,
            Permission.SEE_OWN_ASSESSMENTS,
            Permission.SEE_OWN_SHIFTS,
            Permission.SEE_HANDOVERS,
            Permission.SEE_OFFICE,
            Permission.SEE_CALLS,
            Permission.HEAR_RECORDINGS,
            Permission.REGISTER_APPEALS,
            Permission.SEE_APPEALS,
            Permission.HANDLE_APPEALS,
            Permission.ASSIGN_APPEALS,
            Permission.SEE_LINE,
            Permission.SEE_OUTAGES,
            Permission.MANAGE_OUTAGES,
            Permission.TELL_POWER,
            Permission.SEE_ANNOUNCEMENTS,
            Permission.SEE_CAMPAIGNS,
            Permission.PREPARE_INFORMING,
            Permission.SEE_KNOWLEDGE,
            Permission.WRITE_KNOWLEDGE,
            Permission.PREPARE_STATEMENTS,
            Permission.SEE_TASKS,
            Permission.DO_TASKS,
            Permission.SEE_MEETINGS,
            Permission.ASK_ENTERPRISES,
            Permission.WATCH_CAMERAS,
        }
    ),
    Role.HEAD: frozenset(Permission) - AT_A_DESK - OF_AN_ENTERPRISE,
    Role.EXECUTOR: OF_AN_ENTERPRISE | {Permission.DO_TASKS, Permission.TELL_POWER},
    Role.OBSERVER: frozenset(
        {
            Permission.SEE_LINE,
            Permission.SEE_APPEALS,
            Permission.SEE_CONTROL,
            Permission.SEE_OUTAGES,
            Permission.SEE_CAMPAIGNS,
            Permission.SEE_CITY_DATA,
            Permission.SEE_KNOWLEDGE,
            Permission.SEE_TASKS,
            Permission.SEE_EQUIPMENT,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_USERS,
            Permission.NAME_ACTING_HEAD,
            Permission.SEE_LINE,
            Permission.SEE_AUDIT,
            Permission.IMPORT_DATA,
            Permission.SEE_CITY_DATA,
            Permission.MANAGE_CITY_DATA,
            Permission.DO_TASKS,
            Permission.SEE_EQUIPMENT,
            Permission.MANAGE_EQUIPMENT,
            Permission.SEE_OPERATION,
            Permission.MANAGE_CAMERAS,
        }
    ),
}


def allows(role: Role, permission: Permission) -> bool:
    """Whether the role alone brings the permission."""
    return permission in _ALLOWED[role]
