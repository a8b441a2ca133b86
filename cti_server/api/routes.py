"""Routes of the interface for programs."""

from collections import Counter

from aiohttp import web

from cti_server.api import (
    acts,
    addresses,
    appeals,
    applicants_word,
    calls,
    categories,
    changes,
    citizens,
    city_data,
    directives,
    dispatchers,
    executors,
    files,
    inquiries,
    line,
    neighbours,
    outages,
    page,
    power,
    record_files,
    recordings,
    socket,
    tasks,
    webhooks,
)
from cti_server.api.operation import PREFIX
from cti_server.api.socket import OPEN
from cti_server.api.sources import API, ApiSources
from cti_server.auth.bearer import BEARERS

OPERATIONS = (
    calls.list_calls,
    calls.read_call,
    citizens.find_citizens,
    citizens.read_citizen,
    citizens.add_citizen,
    citizens.change_citizen,
    appeals.list_appeals,
    changes.follow_appeals,
    appeals.read_appeal,
    appeals.register_appeal,
    appeals.read_history,
    files.list_files,
    files.fetch_file,
    files.add_file,
    acts.amend_appeal,
    acts.accept_appeal,
    acts.hand_back_appeal,
    acts.pass_inside,
    acts.begin_work,
    acts.report_done,
    acts.take_back,
    acts.refuse_done,
    acts.came_back,
    acts.answered_elsewhere,
    acts.reopen_appeal,
    acts.ask_extension,
    acts.note_appeal,
    acts.assign_appeal,
    acts.forward_appeal,
    acts.reject_appeal,
    acts.ask_back,
    acts.answer_back,
    acts.link_appeal,
    acts.unlink_appeal,
    acts.extend_term,
    acts.refuse_extension,
    acts.put_under_control,
    applicants_word.pass_yes,
    applicants_word.pass_no,
    applicants_word.pass_no_taken_back,
    applicants_word.pass_withdrawal,
    applicants_word.pass_addition,
    tasks.list_tasks,
    tasks.list_parties,
    tasks.read_task,
    tasks.read_task_history,
    tasks.give_task,
    tasks.change_task,
    tasks.accept_task,
    tasks.report_task,
    tasks.take_task_off,
    tasks.return_task,
    tasks.note_task,
    tasks.reopen_task,
    tasks.withdraw_task,
    record_files.list_task_files,
    record_files.fetch_task_file,
    record_files.add_task_file,
    directives.list_directives,
    directives.enter_directive,
    inquiries.list_inquiries,
    inquiries.read_inquiry,
    inquiries.ask_enterprise,
    inquiries.answer_inquiry,
    inquiries.accept_answer,
    inquiries.return_answer,
    inquiries.withdraw_inquiry,
    record_files.list_answer_files,
    record_files.fetch_answer_file,
    record_files.add_answer_file,
    categories.list_categories,
    addresses.find_addresses,
    addresses.nearest_addresses,
    executors.list_executors,
    executors.list_colleagues,
    dispatchers.list_dispatchers,
    dispatchers.read_dispatcher,
    dispatchers.set_presence,
    line.read_line,
    city_data.list_documents,
    city_data.list_versions,
    city_data.read_version,
    city_data.put_version,
    power.tell_power,
    outages.list_outages,
    outages.read_outage,
    outages.read_outage_history,
    outages.enter_outage,
    outages.change_outage,
    outages.end_outage,
    outages.cancel_outage,
    outages.reopen_outage,
    neighbours.read_city,
    neighbours.take_appeal,
    webhooks.list_webhooks,
    webhooks.make_webhook,
    webhooks.read_webhook,
    webhooks.list_sendings,
    webhooks.test_webhook,
    webhooks.replay_webhook,
    webhooks.renew_webhook,
    webhooks.turn_webhook_off,
    webhooks.resume_webhook,
    webhooks.end_webhook,
)


def add_api(app: web.Application, sources: ApiSources) -> None:
    """Add the operations, the stream of events and their description."""
    app[API] = sources
    app[BEARERS] = sources.bearers
    app[OPEN] = Counter()
    app[page.OPERATIONS] = OPERATIONS
    for one in OPERATIONS:
        app.router.add_route(one.method, one.path, one.handler())
    app.router.add_get(f"{PREFIX}/events", socket.events, allow_head=False)
    sound = f"{PREFIX}/calls/{{call}}/recordings/{{id}}"
    app.router.add_get(f"{sound}/copy", recordings.copy, allow_head=False)
    app.router.add_get(f"{sound}/master", recordings.master, allow_head=False)
    app.router.add_get("/api/", page.page)
    app.router.add_get("/api/openapi.json", page.document)
