"""Each role × each route, socket and token: who may what, as a table that a person can check.

`python docs/rights.py` writes it as a page, docs/rights.md.
"""

import importlib
import pkgutil
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Protocol

import aiohttp
import pytest
from aiohttp import web

import cti_server
from cti_server.api.operation import Operation
from cti_server.api.routes import OPERATIONS
from cti_server.auth.access import access_of, require_declared
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.scopes import SERVES, Scope, scopes_of
from hotline.access.tokens import hash_of, new_secret
from hotline.access.users import User
from hotline.enterprises.executors import Executor
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person, SetBoard, change
from tests.cti_server.whole import whole_application
from tests.effort import BY_NIGHT


class Secrets(Protocol):
    """Makes a token, and gives its secret."""

    async def __call__(self, role: Role, *, personal: bool) -> str: ...


ALL = "DHEOA"
"""Dispatcher, Head, Executor, Observer, Administrator."""
ANYBODY = "*"
TABLE = {
    "GET /": ANYBODY,
    "GET /status": ANYBODY,
    "GET /setup": ANYBODY,
    "POST /setup": ANYBODY,
    "POST /setup/finish": ANYBODY,
    "GET /setup/city": ANYBODY,
    "POST /setup/city": ANYBODY,
    "GET /setup/number": ANYBODY,
    "POST /setup/number": ANYBODY,
    "POST /setup/anew": ANYBODY,
    "GET /setup/holidays": ANYBODY,
    "POST /setup/holidays": ANYBODY,
    "GET /setup/rules": ANYBODY,
    "POST /setup/rules": ANYBODY,
    "GET /setup/people": ANYBODY,
    "POST /setup/people": ANYBODY,
    "POST /setup/people/password": ANYBODY,
    "GET /setup/voice": ANYBODY,
    "POST /setup/voice": ANYBODY,
    "GET /setup/voice/progress": ANYBODY,
    "GET /setup/voice/{language}.wav": ANYBODY,
    "GET /setup/trial": ANYBODY,
    "POST /setup/trial": ANYBODY,
    "GET /setup/trial/progress": ANYBODY,
    "GET /setup/streets": ANYBODY,
    "POST /setup/streets": ANYBODY,
    "GET /setup/streets/{id}": ANYBODY,
    "POST /setup/streets/{id}": ANYBODY,
    "GET /setup/enterprises": ANYBODY,
    "POST /setup/enterprises": ANYBODY,
    "GET /setup/enterprises/{id}": ANYBODY,
    "POST /setup/enterprises/{id}": ANYBODY,
    "GET /status.css": ANYBODY,
    "GET /health/live": ANYBODY,
    "GET /health/ready": ANYBODY,
    "GET /health/metrics": ANYBODY,
    "GET /static/{name}": ANYBODY,
    "GET /brand/crest": ANYBODY,
    "GET /look": ANYBODY,
    "POST /preferences": ANYBODY,
    "GET /call": ANYBODY,
    "POST /call": ANYBODY,
    "GET /call/line": ANYBODY,
    "GET /web-calls": "DH",
    "POST /web-calls/close": "H",
    "POST /web-calls/open": "H",
    "GET /hearing": ANYBODY,
    "GET /chat": ANYBODY,
    "POST /chat": ANYBODY,
    "POST /chat/begin": ANYBODY,
    "POST /chat/photo": ANYBODY,
    "POST /chat/leave": ANYBODY,
    "GET /chat/news": ANYBODY,
    "GET /chat/go/{code}": ANYBODY,
    "POST /chat/go/{code}": ANYBODY,
    "GET /chats": "DH",
    "POST /chats/code": "DH",
    "GET /chats/{id}": "DH",
    "POST /chats/{id}/act": "DH",
    "POST /chats/{id}/reply": "DH",
    "POST /chats/{id}/interpreter": "DH",
    "POST /chats/{id}/relay": "DH",
    "GET /chats/{id}/photos/{line}": "DH",
    "POST /chats/{id}/photos": "DH",
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "GET /sign-in/code": ANYBODY,
    "POST /sign-in/code": ANYBODY,
    "GET /enterprise": "E",
    "POST /enterprise/views": "E",
    "POST /enterprise/views/{id}/drop": "E",
    "POST /enterprise/views/{id}/rename": "E",
    "GET /enterprise/renewed": "E",
    "POST /enterprise/bulk": "E",
    "POST /enterprise/notices/seen": "E",
    "GET /enterprise/{number}": "E",
    "POST /enterprise/{number}/accept": "E",
    "POST /enterprise/{number}/hand-back": "E",
    "POST /enterprise/{number}/ask-back": "E",
    "POST /enterprise/{number}/pass-inside": "E",
    "POST /enterprise/{number}/begin-work": "E",
    "POST /enterprise/{number}/report-done": "E",
    "POST /enterprise/{number}/take-back": "E",
    "POST /enterprise/{number}/ask-extension": "E",
    "POST /enterprise/{number}/note": "E",
    "POST /enterprise/{number}/files": "E",
    "POST /enterprise/{number}/files/{id}/take-away": "E",
    "GET /enterprise/files/{id}": "E",
    "GET /enterprise/files/{id}/preview": "E",
    "GET /appeals/files/{id}": "DHO",
    "GET /appeals/files/{id}/preview": "DHO",
    "POST /sign-out": ALL,
    "GET /account": ALL,
    "POST /account/password": ALL,
    "GET /account/totp": ALL,
    "POST /account/totp": ALL,
    "POST /account/totp/off": ALL,
    "POST /account/phone-code": "H",
    "POST /account/phone-code/off": "H",
    "GET /announcements": "DH",
    "GET /announcements/new": "H",
    "POST /announcements/new": "H",
    "POST /announcements/off": "H",
    "GET /announcements/{id}": "H",
    "POST /announcements/{id}": "H",
    "POST /announcements/{id}/on": "H",
    "POST /announcements/{id}/remove": "H",
    "GET /announcements/phrases": "DH",
    "GET /announcements/phrases/{name}": "DH",
    "GET /announcements/phrases/{name}/{language}.wav": "DH",
    "GET /announcements/phrases/{name}/{language}/recording.wav": "DH",
    "POST /announcements/phrases/{name}/{language}/recording": "H",
    "POST /announcements/phrases/{name}/{language}/confirm": "H",
    "POST /announcements/phrases/{name}/{language}/take-back": "H",
    "GET /admin/users": "HA",
    "GET /admin/users.{format}": "HA",
    "POST /admin/users/views": "HA",
    "POST /admin/users/views/{id}/drop": "HA",
    "POST /admin/users/views/{id}/rename": "HA",
    "GET /admin/users/new": "HA",
    "POST /admin/users/new": "HA",
    "GET /admin/users/{id}": "HA",
    "POST /admin/users/{id}": "HA",
    "POST /admin/users/{id}/password": "HA",
    "GET /admin/users/{id}/deactivate": "HA",
    "POST /admin/users/{id}/deactivate": "HA",
    "POST /admin/users/{id}/activate": "HA",
    "GET /admin/tokens": "HA",
    "POST /admin/tokens": "HA",
    "GET /admin/tokens/{id}": "HA",
    "POST /admin/tokens/{id}/scopes": "HA",
    "POST /admin/tokens/{id}/renew": "HA",
    "GET /admin/webhooks": "HA",
    "POST /admin/webhooks": "HA",
    "GET /admin/webhooks/{id}": "HA",
    "POST /admin/webhooks/{id}/turn-off": "HA",
    "POST /admin/webhooks/{id}/resume": "HA",
    "POST /admin/webhooks/{id}/end": "HA",
    "POST /admin/webhooks/{id}/test": "HA",
    "POST /admin/webhooks/{id}/renew": "HA",
    "POST /admin/webhooks/{id}/replay": "HA",
    "POST /admin/webhooks/{id}/again/{notice}": "HA",
    "GET /neighbours": "DH",
    "POST /neighbours/give": "H",
    "POST /neighbours/answer": "H",
    "GET /neighbours/{id}": "DH",
    "POST /neighbours/{id}/end": "H",
    "POST /neighbours/{id}/duty": "H",
    "GET /neighbours/{id}/line": "DH",
    "POST /neighbours/{id}/appeals": "DH",
    "GET /neighbours/{id}/appeals/{taken}": "DH",
    "POST /neighbours/{id}/appeals/{taken}/again": "DH",
    "POST /neighbours/{id}/appeals/{taken}/otherwise": "DH",
    "POST /admin/tokens/{id}/revoke": "HA",
    "GET /api/": ANYBODY,
    "GET /api/openapi.json": ANYBODY,
    "GET /tasks": "DHEOA",
    "GET /tasks.{format}": "DHEOA",
    "POST /tasks/views": "DHO",
    "POST /tasks/views/{id}/rename": "DHO",
    "POST /tasks/views/{id}/drop": "DHO",
    "GET /tasks/orders": "DHO",
    "POST /tasks/orders": "H",
    "GET /tasks/orders/{id}": "DHO",
    "POST /tasks/orders/{id}/files": "H",
    "GET /tasks/orders/{id}/files/{file}": "DH",
    "GET /tasks/orders/{id}/files/{file}/preview": "DH",
    "POST /tasks/{id}/files": "DHEA",
    "GET /tasks/{id}/files/{file}": "DHEA",
    "GET /tasks/{id}/files/{file}/preview": "DHEA",
    "GET /tasks/new": "H",
    "POST /tasks/new": "H",
    "GET /tasks/{id}": "DHEOA",
    "GET /tasks/{id}/change": "H",
    "POST /tasks/{id}/change": "H",
    "POST /tasks/{id}/{act}": "DHEOA",
    "GET /operation": "HA",
    "GET /equipment": "HOA",
    "GET /equipment/new": "HA",
    "POST /equipment": "HA",
    "GET /equipment/{id}": "HOA",
    "GET /equipment/{id}/edit": "HA",
    "POST /equipment/{id}/save": "HA",
    "POST /equipment/{id}/maintain": "HA",
    "POST /equipment/{id}/look": "HA",
    "POST /equipment/{id}/remove": "HA",
    "GET /shifts": "H",
    "POST /shifts/{monday}": "H",
    "POST /shifts/{monday}/copy": "H",
    "POST /shifts/{monday}/drop": "H",
    "GET /shifts/presence": "H",
    "GET /shifts/now": "D",
    "POST /shifts/mine/wishes": "D",
    "POST /shifts/mine/wishes/take-back": "D",
    "GET /shifts/swaps": "DH",
    "POST /shifts/swaps": "D",
    "POST /shifts/swaps/{id}/take": "D",
    "POST /shifts/swaps/{id}/decline": "D",
    "POST /shifts/swaps/{id}/take-back": "D",
    "POST /shifts/swaps/{id}/approve": "H",
    "POST /shifts/swaps/{id}/refuse": "H",
    "GET /shifts/handovers": "DH",
    "POST /shifts/handovers": "D",
    "GET /shifts/handovers/{id}": "DH",
    "POST /shifts/handovers/{id}/save": "D",
    "POST /shifts/handovers/{id}/hand-over": "D",
    "POST /shifts/handovers/{id}/ask": "D",
    "POST /shifts/handovers/{id}/answer": "D",
    "POST /shifts/handovers/{id}/take-over": "D",
    "GET /meetings": "DH",
    "GET /meetings.{format}": "DH",
    "POST /meetings": "H",
    "GET /meetings/new": "H",
    "GET /meetings/{id}": ALL,
    "POST /meetings/{id}": "H",
    "GET /meetings/{id}/edit": "H",
    "POST /meetings/{id}/call": "H",
    "POST /meetings/{id}/call-off": "H",
    "POST /meetings/{id}/answer": ALL,
    "GET /meetings/{id}/minutes": ALL,
    "POST /meetings/{id}/minutes": ALL,
    "GET /meetings/{id}/minutes.pdf": ALL,
    "POST /meetings/{id}/minutes/sign": "H",
    "POST /meetings/{id}/minutes/give-back": "H",
    "POST /meetings/{id}/minutes/correct": ALL,
    "GET /meetings/invited/{token}": ANYBODY,
    "POST /meetings/invited/{token}": ANYBODY,
    "GET /specialists/consent/{token}": ANYBODY,
    "POST /specialists/consent/{token}": ANYBODY,
    "GET /specialists/drawn-in/{token}": ANYBODY,
    "POST /specialists/drawn-in/{token}": ANYBODY,
    "GET /memos": "H",
    "GET /memos.{format}": "H",
    "POST /memos": "H",
    "GET /memos/new": "H",
    "GET /memos/{id}": "H",
    "GET /memos/{id}.pdf": "H",
    "POST /memos/{id}": "H",
    "POST /memos/facts": "H",
    "POST /memos/{id}/facts": "H",
    "POST /memos/{id}/send": "H",
    "POST /memos/{id}/drop": "H",
    "POST /memos/{id}/answer": "H",
    "POST /memos/{id}/files": "H",
    "GET /memos/{id}/files/{file}": "H",
    "GET /memos/{id}/files/{file}/preview": "H",
    "GET /shifts/mine": "D",
    "GET /shifts/feed": "DHEA",
    "POST /shifts/mine/feed": "DHEA",
    "POST /shifts/mine/feed/revoke": "DHEA",
    "GET /shifts/feed/{secret}.ics": ANYBODY,
    "GET /admin/acting-head": "HA",
    "POST /admin/acting-head": "HA",
    "POST /admin/acting-head/{id}/end": "HA",
    "GET /admin/audit": "HA",
    "GET /admin/audit.{format}": "HA",
    "POST /admin/audit/views": "HA",
    "POST /admin/audit/views/{id}/drop": "HA",
    "POST /admin/audit/views/{id}/rename": "HA",
    "GET /on-now": ALL,
    "GET /city": "HO",
    "GET /city/line": "HO",
    "GET /city/rest": "HO",
    "GET /city/who": "H",
    "GET /city/changes": "HO",
    "GET /desk": "D",
    "GET /desk/directory": "D",
    "GET /desk/calls/{call}/who": "D",
    "POST /city-data/days-off/martial-law": "HA",
    "GET /desk/events": "D",
    "POST /desk/presence": "D",
    "POST /desk/help": "D",
    "POST /desk/threat": "D",
    "POST /desk/presence/longer": "D",
    "POST /desk/line/{call}/pick": "D",
    "POST /desk/missed/{call}": "D",
    "POST /desk/progressive": "D",
    "POST /desk/progressive/skip": "D",
    "POST /desk/calls/{call}/notes": "D",
    "POST /desk/calls/{call}/done": "D",
    "GET /desk/appeals/new": "DH",
    "GET /desk/appeals/emergency": "DH",
    "GET /desk/appeals/categories": "DH",
    "GET /desk/appeals/addresses": "DH",
    "GET /desk/appeals/people": "DH",
    "GET /desk/appeals/similar": "DH",
    "POST /desk/appeals": "DH",
    "POST /desk/appeals/emergency": "DH",
    "POST /desk/appeals/move": "DH",
    "GET /desk/appeals/left": "DH",
    "POST /desk/appeals/draft": "DH",
    "POST /desk/appeals/proposals": "DH",
    "POST /desk/appeals/discard": "DH",
    "GET /desk/appeals/benefits": "DH",
    "GET /desk/appeals/asked": "DH",
    "GET /desk/appeals/{number}": "D",
    "GET /desk/appeals/{number}/amend": "DH",
    "POST /desk/appeals/{number}/amend": "DH",
    "GET /city-data": "HOA",
    "GET /city-data/{kind}": "HOA",
    "GET /city-data/{kind}/file.{format}": "HOA",
    "GET /city-data/{kind}/versions/{version}": "HOA",
    "POST /city-data/{kind}/versions/{version}/again": "HA",
    "POST /city-data/{kind}/file": "HA",
    "GET /city-data/{kind}/rows/{table}/{place}": "HA",
    "POST /city-data/{kind}/rows/{table}/{place}": "HA",
    "POST /city-data/{kind}/rows/{table}/{place}/remove": "HA",
    "GET /city-data/{kind}/draft": "HA",
    "POST /city-data/{kind}/draft/put": "HA",
    "POST /city-data/{kind}/draft/drop": "HA",
    "GET /city-data/map": "HOA",
    "POST /city-data/map/file": "HA",
    "POST /city-data/map/put": "HA",
    "POST /city-data/map/drop": "HA",
    "GET /admin/imports": "HA",
    "POST /admin/imports": "HA",
    "GET /admin/imports/{id}": "HA",
    "GET /admin/imports/{id}/progress": "HA",
    "POST /admin/imports/{id}/begin": "HA",
    "GET /admin/imports/{id}/refused.{format}": "HA",
    "GET /admin/exports/{kind}.{format}": "HA",
    "GET /appeals/{number}": "DHO",
    "POST /appeals/{number}/acts/{act}": "DH",
    "GET /appeals/{number}/remarks/{id}.wav": "DH",
    "GET /enterprise/{number}/remarks/{id}.wav": "E",
    "POST /desk/appeals/{number}/acts/{act}": "D",
    "GET /appeals/{number}/notices": "DHO",
    "POST /notices/{id}/decide": "DH",
    "GET /outages": ANYBODY,
    "GET /outages/{id}": ANYBODY,
    "GET /open311/discovery.{format}": ANYBODY,
    "GET /open311/v2/services.{format}": ANYBODY,
    "GET /open311/v2/services/{code}.{format}": ANYBODY,
    "GET /open311/v2/requests.{format}": ANYBODY,
    "GET /open311/v2/requests/{id}.{format}": ANYBODY,
    "POST /open311/v2/requests.{format}": ANYBODY,
    "GET /open311/v2/tokens/{id}.{format}": ANYBODY,
    "GET /open311/v2/servicerequestupdates.{format}": ANYBODY,
    "POST /open311/v2/servicerequestupdates.{format}": ANYBODY,
    "GET /cap.atom": ANYBODY,
    "GET /cap/{id}.xml": ANYBODY,
    "GET /outages.json": ANYBODY,
    "GET /outages.atom": ANYBODY,
    "GET /outages.rss": ANYBODY,
    "GET /outages.ics": ANYBODY,
    "GET /outages/{id}.ics": ANYBODY,
    "GET /outages/addresses": ANYBODY,
    "POST /power/account": ANYBODY,
    "POST /power/schedules/accounts": "DH",
    "GET /power/widget": ANYBODY,
    "GET /power/widget.js": ANYBODY,
    "GET /outages/widget": ANYBODY,
    "GET /outages/widget.js": ANYBODY,
    "GET /outages/subscribe": ANYBODY,
    "POST /outages/subscribe": ANYBODY,
    "GET /outages/subscribe/{token}": ANYBODY,
    "POST /outages/subscribe/{token}": ANYBODY,
    "GET /outages/confirm/{token}": ANYBODY,
    "POST /outages/confirm/{token}": ANYBODY,
    "GET /stop/{token}": ANYBODY,
    "POST /stop/{token}": ANYBODY,
    "GET /answer/{token}": ANYBODY,
    "GET /answer/{token}/photos/{id}": ANYBODY,
    "POST /answer/{token}": ANYBODY,
    "GET /my": ANYBODY,
    "GET /my/offline": ANYBODY,
    "POST /my": ANYBODY,
    "GET /my/{number}": ANYBODY,
    "POST /my/code": ANYBODY,
    "GET /my/confirm/{token}": ANYBODY,
    "POST /my/confirm/{token}": ANYBODY,
    "POST /my/leave": ANYBODY,
    "GET /my/{number}/{code}": ANYBODY,
    "GET /my/{number}/{code}/photos/{id}": ANYBODY,
    "POST /my/{number}/{code}": ANYBODY,
    "GET /closings": ANYBODY,
    "GET /closings/index.json": ANYBODY,
    "GET /closings/{day}.json": ANYBODY,
    "GET /todo/words/{number}": "DH",
    "POST /todo/words/{number}": "DH",
    "GET /matters": ANYBODY,
    "GET /matters.atom": ANYBODY,
    "GET /matters/enterprises": ANYBODY,
    "GET /matters/map": ANYBODY,
    "GET /matters/{number}": ANYBODY,
    "POST /matters/{number}/join": ANYBODY,
    "GET /report": ANYBODY,
    "POST /report": ANYBODY,
    "GET /report/map": ANYBODY,
    "GET /report/offline": ANYBODY,
    "GET /report-worker.js": ANYBODY,
    "GET /hooks/sms/{secret}": ANYBODY,
    "POST /hooks/sms/{secret}": ANYBODY,
    "POST /hooks/telegram": ANYBODY,
    "POST /hooks/viber": ANYBODY,
    "GET /hooks/whatsapp": ANYBODY,
    "POST /hooks/whatsapp": ANYBODY,
    "GET /hooks/sms-in/{secret}": ANYBODY,
    "POST /hooks/sms-in/{secret}": ANYBODY,
    "GET /appeals/{number}/same": "DH",
    "POST /appeals/{number}/same": "DH",
    "GET /todo": "DH",
    "GET /todo/count": "DH",
    "POST /todo/views": "DH",
    "POST /todo/views/{id}/drop": "DH",
    "POST /todo/views/{id}/rename": "DH",
    "GET /campaigns": "DHO",
    "POST /campaigns/views": "DHO",
    "POST /campaigns/views/{id}/drop": "DHO",
    "POST /campaigns/views/{id}/rename": "DHO",
    "GET /campaigns/{id}": "DHO",
    "POST /campaigns/{id}/state": "H",
    "GET /citizens/{id}": "DH",
    "POST /citizens/{id}": "DH",
    "POST /citizens/{id}/everything.zip": "H",
    "POST /citizens/{id}/erase": "H",
    "GET /keeping": "H",
    "GET /holds/{thing}/{subject}": "H",
    "POST /holds/{thing}/{subject}": "H",
    "POST /holds/{thing}/{subject}/lift": "H",
    "GET /campaigns/do-not-call": "H",
    "POST /campaigns/do-not-call": "H",
    "POST /campaigns/do-not-call/remove": "H",
    "GET /control": "HO",
    "GET /control/line": "HO",
    "GET /control/line.{format}": "HO",
    "GET /control/line.pdf": "HO",
    "GET /control/line/shifts": "HO",
    "GET /control/line/shifts.{format}": "HO",
    "GET /control.{format}": "HO",
    "GET /reports": "HO",
    "POST /reports/make": "H",
    "GET /reports/papers/{id}": "HO",
    "GET /reports/papers/{id}.pdf": "HO",
    "GET /reports/papers/{id}.xlsx": "HO",
    "POST /reports/papers/{id}/sign": "H",
    "POST /reports/papers/{id}/correct": "H",
    "GET /reports/plans": "H",
    "POST /reports/plans": "H",
    "GET /reports/rating": "HO",
    "GET /reports/rating.{format}": "HO",
    "GET /reports/build": "HO",
    "GET /reports/build.{format}": "HO",
    "GET /reports/build/rows": "HO",
    "POST /reports/build/views": "HO",
    "POST /reports/build/views/{id}/drop": "HO",
    "POST /reports/build/views/{id}/rename": "HO",
    "POST /reports/build/sent": "H",
    "POST /reports/build/sent/{id}/drop": "H",
    "GET /reports/references": "DHO",
    "GET /reports/references/appeal.pdf": "DHO",
    "GET /reports/references/address.pdf": "DHO",
    "GET /reports/references/enterprise.pdf": "HO",
    "GET /control/closings": "HO",
    "GET /control/read": "HO",
    "POST /control/seen": "H",
    "POST /control/unseen": "H",
    "GET /search": "DHO",
    "GET /search/found": "DHO",
    "GET /appeals/{number}/card.pdf": "DHO",
    "GET /appeals/{number}/sev.xml": "DH",
    "GET /appeals": "DHO",
    "GET /appeals.{format}": "DHO",
    "POST /appeals/views": "DHO",
    "POST /appeals/views/{id}/drop": "DHO",
    "POST /appeals/views/{id}/rename": "DHO",
    "GET /appeals/state.{format}": "DHO",
    "GET /appeals/journal": "DHO",
    "GET /appeals/journal.pdf": "DHO",
    "GET /appeals/journal.{format}": "DHO",
    "GET /executors": "H",
    "GET /executors/new": "H",
    "POST /executors/new": "H",
    "GET /executors/{id}": "H",
    "POST /executors/{id}": "H",
    "GET /executors/{id}/open311": "H",
    "POST /executors/{id}/open311": "H",
    "POST /executors/{id}/open311/remove": "H",
    "POST /executors/{id}/close": "H",
    "POST /executors/{id}/reopen": "H",
    "GET /specialists/new": "DH",
    "POST /specialists/new": "DH",
    "GET /specialists/of": "DH",
    "GET /specialists/{id}": "DH",
    "POST /specialists/{id}/end": "DH",
    "GET /enterprise/specialists": "E",
    "GET /enterprise/specialists/{id}": "E",
    "POST /enterprise/specialists/{id}": "E",
    "GET /enterprise/specialists/{id}/matter": "E",
    "POST /enterprise/specialists/{id}/matter": "E",
    "GET /inquiries": "DH",
    "POST /inquiries/views": "DH",
    "POST /inquiries/views/{id}/drop": "DH",
    "POST /inquiries/views/{id}/rename": "DH",
    "GET /inquiries/new": "DH",
    "POST /inquiries/new": "DH",
    "GET /inquiries/of/{number}": "DH",
    "GET /inquiries/{id}": "DH",
    "POST /inquiries/{id}/act": "DH",
    "GET /inquiries/files/{id}": "DH",
    "GET /inquiries/files/{id}/preview": "DH",
    "GET /enterprise/inquiries": "E",
    "GET /enterprise/inquiries/{id}": "E",
    "POST /enterprise/inquiries/{id}": "E",
    "GET /enterprise/inquiries/{id}/files/{file}": "E",
    "GET /enterprise/inquiries/{id}/files/{file}/preview": "E",
    "GET /news": ANYBODY,
    "GET /news.atom": ANYBODY,
    "GET /news.rss": ANYBODY,
    "GET /news/{id}": ANYBODY,
    "GET /news/pictures/{key}{small}.jpg": ANYBODY,
    "GET /statements": "DH",
    "POST /statements/views": "DH",
    "POST /statements/views/{id}/drop": "DH",
    "POST /statements/views/{id}/rename": "DH",
    "GET /statements/new": "DH",
    "POST /statements/new": "DH",
    "GET /statements/{id}": "DH",
    "POST /statements/{id}/act": "DH",
    "GET /statements/{id}/edit": "DH",
    "POST /statements/{id}/edit": "DH",
    "GET /statements/{id}/picture": "DH",
    "POST /statements/{id}/picture": "DH",
    "POST /statements/{id}/picture/remove": "DH",
    "GET /office": "DH",
    "POST /office/begin": "H",
    "GET /office/{year}": "DH",
    "GET /office/{year}.{format}": "DH",
    "GET /office/{year}.pdf": "DH",
    "POST /office/{year}/files": "H",
    "POST /office/{year}/approve": "H",
    "POST /office/{year}/close": "H",
    "GET /office/files/{id}": "DH",
    "POST /office/files/{id}": "H",
    "POST /office/files/{id}/remove": "H",
    "POST /office/files/{id}/count": "H",
    "POST /office/files/{id}/entries": "DH",
    "POST /office/files/{id}/entries/{entry}/strike": "DH",
    "GET /office/journals/{journal}": "DH",
    "GET /office/journals/{journal}.{format}": "DH",
    "GET /office/journals/{journal}.pdf": "DH",
    "GET /office/acts/new": "H",
    "POST /office/acts/new": "H",
    "GET /office/acts/{id}": "DH",
    "POST /office/acts/{id}/move": "H",
    "GET /office/acts/{id}.pdf": "DH",
    "GET /directory": "DHO",
    "GET /directory/{key}": "DHO",
    "GET /contacts": ANYBODY,
    "GET /power": ANYBODY,
    "GET /power.json": ANYBODY,
    "GET /power.ics": ANYBODY,
    "GET /power/schedules": "DHO",
    "POST /power/schedules/file": "DH",
    "POST /power/emergency": "DH",
    "POST /power/emergency/end": "DH",
    "GET /questions": ANYBODY,
    "GET /questions/{id}": ANYBODY,
    "GET /knowledge": "DHO",
    "POST /knowledge/views": "DHO",
    "POST /knowledge/views/{id}/drop": "DHO",
    "POST /knowledge/views/{id}/rename": "DHO",
    "GET /knowledge/new": "DH",
    "POST /knowledge/new": "DH",
    "GET /knowledge/{id}": "DHO",
    "GET /knowledge/{id}/edit": "DH",
    "POST /knowledge/{id}/edit": "DH",
    "POST /knowledge/{id}/reviewed": "DH",
    "POST /knowledge/{id}/withdraw": "DH",
    "POST /knowledge/{id}/told": "D",
    "GET /knowledge/beside": "D",
    "POST /knowledge/beside/missing": "D",
    "POST /knowledge/missing": "DH",
    "GET /knowledge/missing/{id}": "DH",
    "POST /knowledge/missing/{id}/pass-on": "H",
    "POST /knowledge/missing/{id}/answered": "DH",
    "POST /knowledge/missing/{id}/dismiss": "DH",
    "POST /knowledge/missing/{id}/read": "DH",
    "GET /cameras": "DH",
    "GET /cameras/watch": "DH",
    "GET /cameras/stills/{still}": "DH",
    "GET /cameras/{id}": "DH",
    "POST /cameras/{id}/still": "DH",
    "POST /cameras/{id}/incident": "DH",
    "GET /cameras/log": "HA",
    "GET /cameras/map": "DH",
    "GET /cameras/register": "HA",
    "GET /cameras/register/new": "HA",
    "POST /cameras/register": "HA",
    "GET /cameras/register/{id}": "HA",
    "POST /cameras/register/{id}": "HA",
    "POST /cameras/register/{id}/service": "HA",
    "POST /cameras/register/{id}/remove": "HA",
    "GET /board": "H",
    "GET /board/live": "H",
    "GET /board/changes": "H",
    "POST /board/listen": "H",
    "POST /board/mode": "H",
    "POST /board/take-over": "H",
    "POST /board/leave": "H",
    "POST /board/threat-seen": "H",
    "GET /board/slower": "H",
    "POST /board/slower": "H",
    "POST /board/slower/{id}": "H",
    "POST /board/order": "H",
    "POST /board/order/end": "H",
    "GET /quality": "H",
    "GET /quality.{format}": "H",
    "POST /quality/views": "H",
    "POST /quality/views/{id}/drop": "H",
    "POST /quality/views/{id}/rename": "H",
    "GET /quality/{id}": "H",
    "POST /quality/{id}/take": "H",
    "POST /quality/{id}/give-back": "H",
    "POST /quality/{id}/draft": "H",
    "POST /quality/{id}/remarks": "H",
    "POST /quality/{id}/remarks/{comment}/remove": "H",
    "POST /quality/{id}/finish": "H",
    "POST /quality/{id}/skip": "H",
    "POST /quality/{id}/decide": "H",
    "GET /quality/people": "H",
    "GET /quality/people/{dispatcher}": "H",
    "POST /quality/people/{dispatcher}/notes": "H",
    "POST /quality/people/{dispatcher}/trial-calls": "H",
    "POST /quality/people/{dispatcher}/notes/{note}/review": "H",
    "GET /quality/mine": "D",
    "GET /quality/mine/{id}": "D",
    "POST /quality/mine/trial-calls": "D",
    "POST /quality/mine/{id}/read": "D",
    "POST /quality/mine/{id}/dispute": "D",
    "GET /surveys/results": "HO",
    "GET /surveys/results/list": "HO",
    "GET /surveys/results.{format}": "HO",
    "GET /surveys": "H",
    "GET /surveys/edit": "H",
    "POST /surveys/edit": "H",
    "POST /surveys/trials": "H",
    "GET /surveys/trials/{id}": "H",
    "GET /rules": "H",
    "GET /rules/new": "H",
    "POST /rules/new": "H",
    "GET /rules/{id}": "H",
    "POST /rules/{id}": "H",
    "POST /rules/{id}/move": "H",
    "POST /rules/{id}/switch": "H",
    "GET /rules/{id}/remove": "H",
    "POST /rules/{id}/remove": "H",
    "GET /enterprise/outages": "E",
    "GET /enterprise/outages.{format}": "E",
    "POST /enterprise/outages/views": "E",
    "POST /enterprise/outages/views/{id}/drop": "E",
    "POST /enterprise/outages/views/{id}/rename": "E",
    "GET /enterprise/outages/new": "E",
    "POST /enterprise/outages/new": "E",
    "POST /enterprise/outages/preview": "E",
    "POST /enterprise/outages/listen": "E",
    "GET /enterprise/outages/streets": "E",
    "GET /enterprise/outages/{id}": "E",
    "GET /enterprise/outages/{id}/edit": "E",
    "POST /enterprise/outages/{id}/edit": "E",
    "POST /enterprise/outages/{id}/move": "E",
    "POST /enterprise/outages/{id}/end": "E",
    "POST /enterprise/outages/{id}/cancel": "E",
    "POST /enterprise/outages/{id}/reopen": "E",
    "GET /outage-register": "DHO",
    "GET /outage-register.{format}": "DHO",
    "POST /outage-register/views": "DHO",
    "POST /outage-register/views/{id}/drop": "DHO",
    "POST /outage-register/views/{id}/rename": "DHO",
    "GET /outage-register/new": "DH",
    "POST /outage-register/new": "DH",
    "POST /outage-register/preview": "DH",
    "POST /outage-register/listen": "DH",
    "GET /outage-register/streets": "DH",
    "GET /outage-register/{id}": "DHO",
    "GET /outage-register/{id}/edit": "DH",
    "POST /outage-register/{id}/edit": "DH",
    "POST /outage-register/{id}/move": "DH",
    "POST /outage-register/{id}/end": "DH",
    "POST /outage-register/{id}/cancel": "DH",
    "POST /outage-register/{id}/reopen": "DH",
    "POST /appeals/{number}/outage": "DH",
    "GET /outage-register/alerts": "DH",
    "GET /outage-register/alerts/{alert}": "DH",
    "POST /outage-register/alerts/{alert}/accept": "DH",
    "POST /outage-register/alerts/{alert}/belongs": "DH",
    "POST /outage-register/alerts/{alert}/dismiss": "DH",
    "POST /listen/answer": "E",
    "POST /listen/reason": "DH",
    "POST /listen/outage-reason": "DHE",
    "POST /listen/order": "DH",
    "POST /listen/city-message": "H",
    "POST /listen/question": "H",
    "POST /listen/executor": "H",
    "POST /listen/category": "HA",
    "GET /informing": "DH",
    "POST /informing/views": "DH",
    "POST /informing/views/{id}/drop": "DH",
    "POST /informing/views/{id}/rename": "DH",
    "GET /informing/new": "DH",
    "POST /informing/new": "DH",
    "GET /informing/{id}": "DH",
    "GET /informing/{id}/edit": "DH",
    "POST /informing/{id}/edit": "DH",
    "POST /informing/{id}/move": "DH",
    "POST /informing/{id}/refuse": "H",
    "POST /informing/{id}/repeat": "DH",
    "GET /informing/{id}/voice.wav": "DH",
    "POST /informing/{id}/voice": "DH",
    "POST /informing/{id}/voice/take-back": "DH",
    "POST /informing/{id}/try": "DH",
    "GET /informing/{id}/progress": "DH",
    "GET /informing/{id}/reach": "DH",
    "GET /informing/{id}/ask/{act}": "DH",
    "GET /informing/{id}/people.{format}": "DH",
    "GET /informing/{id}/report.pdf": "DH",
    "GET /informing/{id}/report.{format}": "DH",
    "GET /desk/call-out": "D",
    "POST /desk/call-out": "D",
    "POST /desk/third": "D",
    "POST /desk/calls/{call}/recording": "D",
    "POST /desk/calls/{call}/in-writing": "D",
    "GET /desk/phone": "D",
    "POST /desk/phone": "D",
    "GET /sip": "D",
    "GET /calls": "DH",
    "GET /calls.{format}": "DH",
    "POST /calls/views": "DH",
    "POST /calls/views/{id}/drop": "DH",
    "POST /calls/views/{id}/rename": "DH",
    "GET /calls/missed": "DH",
    "GET /calls/{call}": "DH",
    "GET /calls/missed.{format}": "DH",
    "POST /calls/missed/views": "DH",
    "POST /calls/missed/views/{id}/drop": "DH",
    "POST /calls/missed/views/{id}/rename": "DH",
    "GET /calls/scheduled/new": "D",
    "POST /calls/scheduled/new": "D",
    "POST /calls/scheduled/{reference}/move": "DH",
    "POST /calls/scheduled/{reference}/close": "DH",
    "POST /calls/{call}/callback": "DH",
    "POST /calls/{call}/callback/claim": "DH",
    "POST /calls/{call}/callback/release": "DH",
    "POST /calls/{call}/notes": "DH",
    "GET /calls/{call}/recordings/{id}/sound": "DH",
    "GET /calls/{call}/recordings/{id}.json": "DH",
    "GET /calls/{call}/recordings/{id}/download": "H",
    "GET /calls/{call}/messages/{id}.wav": "DH",
    "GET /calls/{call}/messages/{id}.json": "DH",
    "GET /calls/{call}/messages/{id}/download": "H",
    "POST /calls/{call}/messages/{id}/heard": "DH",
    "GET /calls/{call}/recordings/{id}/transcript": "H",
    "GET /calls/{call}/recordings/{id}/unmasked": "H",
    "POST /calls/{call}/recordings/{id}/transcript/{speaker}": "DH",
    "GET /calls/{call}/messages/{id}/transcript": "H",
    "GET /calls/{call}/messages/{id}/unmasked": "H",
    "POST /calls/{call}/messages/{id}/transcript": "DH",
}
"""Pages: method and address → the letters of the roles that reach it signed in. A new route is added here."""
BY_TOKEN = {
    "GET /api/v1/metrics": "HOA",
    "GET /api/v1/calls": "DH",
    "GET /api/v1/calls/{id}": "DH",
    "GET /api/v1/calls/{call}/recordings/{id}/copy": "H",
    "GET /api/v1/calls/{call}/recordings/{id}/master": "H",
    "GET /api/v1/citizens": "DH",
    "POST /api/v1/citizens": "DH",
    "GET /api/v1/citizens/{id}": "DH",
    "PUT /api/v1/citizens/{id}": "DH",
    "GET /api/v1/appeals": "DHEO",
    "POST /api/v1/appeals": "DH",
    "GET /api/v1/appeals/changes": "DHEO",
    "GET /api/v1/appeals/{number}": "DHEO",
    "GET /api/v1/appeals/{number}/history": "DHEO",
    "GET /api/v1/appeals/{number}/files": "DHEO",
    "POST /api/v1/appeals/{number}/files": "DHE",
    "GET /api/v1/appeals/{number}/files/{id}": "DHEO",
    "POST /api/v1/appeals/{number}/amend": "DH",
    "POST /api/v1/appeals/{number}/accept": "DHE",
    "POST /api/v1/appeals/{number}/hand-back": "E",
    "POST /api/v1/appeals/{number}/pass-inside": "E",
    "POST /api/v1/appeals/{number}/begin-work": "E",
    "POST /api/v1/appeals/{number}/report-done": "E",
    "POST /api/v1/appeals/{number}/take-back": "E",
    "POST /api/v1/appeals/{number}/refuse-done": "DH",
    "POST /api/v1/appeals/{number}/came-back": "DH",
    "POST /api/v1/appeals/{number}/answered-elsewhere": "DH",
    "POST /api/v1/appeals/{number}/reopen": "DH",
    "POST /api/v1/appeals/{number}/ask-extension": "E",
    "POST /api/v1/appeals/{number}/note": "DHE",
    "POST /api/v1/appeals/{number}/assign": "DH",
    "POST /api/v1/appeals/{number}/forward": "DH",
    "POST /api/v1/appeals/{number}/reject": "H",
    "POST /api/v1/appeals/{number}/ask-back": "E",
    "POST /api/v1/appeals/{number}/answer-back": "DH",
    "POST /api/v1/appeals/{number}/link": "DH",
    "POST /api/v1/appeals/{number}/unlink": "DH",
    "POST /api/v1/appeals/{number}/extend": "H",
    "POST /api/v1/appeals/{number}/refuse-extension": "H",
    "POST /api/v1/appeals/{number}/control": "H",
    "POST /api/v1/appeals/{number}/word/confirm": "DH",
    "POST /api/v1/appeals/{number}/word/dispute": "DH",
    "POST /api/v1/appeals/{number}/word/take-no-back": "DH",
    "POST /api/v1/appeals/{number}/word/withdraw": "DH",
    "POST /api/v1/appeals/{number}/word/add": "DH",
    "GET /api/v1/categories": "DHEO",
    "GET /api/v1/addresses": "DHEO",
    "GET /api/v1/addresses/nearest": "DHEO",
    "GET /api/v1/colleagues": "E",
    "GET /api/v1/tasks": "DHEOA",
    "GET /api/v1/tasks/parties": "H",
    "GET /api/v1/tasks/{id}": "DHEOA",
    "GET /api/v1/tasks/{id}/history": "DHEA",
    "GET /api/v1/tasks/{id}/files": "DHEA",
    "GET /api/v1/tasks/{id}/files/{file}": "DHEA",
    "POST /api/v1/tasks/{id}/files": "DHEA",
    "POST /api/v1/tasks": "H",
    "POST /api/v1/tasks/{id}/change": "H",
    "POST /api/v1/tasks/{id}/accept": "DHEA",
    "POST /api/v1/tasks/{id}/report": "DHEA",
    "POST /api/v1/tasks/{id}/take-off": "H",
    "POST /api/v1/tasks/{id}/return": "H",
    "POST /api/v1/tasks/{id}/note": "DHEA",
    "POST /api/v1/tasks/{id}/reopen": "H",
    "POST /api/v1/tasks/{id}/withdraw": "H",
    "GET /api/v1/directives": "DHO",
    "POST /api/v1/directives": "H",
    "GET /api/v1/inquiries": "DHE",
    "GET /api/v1/inquiries/{id}": "DHE",
    "GET /api/v1/inquiries/{id}/files": "DHE",
    "GET /api/v1/inquiries/{id}/files/{file}": "DHE",
    "POST /api/v1/inquiries/{id}/files": "E",
    "POST /api/v1/inquiries": "DH",
    "POST /api/v1/inquiries/{id}/answer": "DHE",
    "POST /api/v1/inquiries/{id}/accept": "DH",
    "POST /api/v1/inquiries/{id}/return": "DH",
    "POST /api/v1/inquiries/{id}/withdraw": "DH",
    "GET /api/v1/executors": "DHO",
    "GET /api/v1/city-data": "HOA",
    "GET /api/v1/city-data/{kind}/versions": "HOA",
    "GET /api/v1/city-data/{kind}/versions/{version}": "HOA",
    "POST /api/v1/city-data/{kind}/versions": "HA",
    "GET /api/v1/dispatchers": "DHOA",
    "GET /api/v1/dispatchers/{id}": "DHOA",
    "PUT /api/v1/dispatchers/{id}/presence": "H",
    "GET /api/v1/line": "DHOA",
    "GET /api/v1/outages": "DHEO",
    "PUT /api/v1/power/schedules": "DHE",
    "POST /api/v1/outages": "DHE",
    "GET /api/v1/outages/{id}": "DHEO",
    "PUT /api/v1/outages/{id}": "DHE",
    "GET /api/v1/outages/{id}/history": "DHEO",
    "POST /api/v1/outages/{id}/end": "DHE",
    "POST /api/v1/outages/{id}/cancel": "DHE",
    "POST /api/v1/outages/{id}/reopen": "DHE",
    "GET /api/v1/neighbour": "DH",
    "POST /api/v1/neighbour/appeals": "DH",
    "GET /api/v1/webhooks": "DHEO",
    "POST /api/v1/webhooks": "DHEO",
    "GET /api/v1/webhooks/{id}": "DHEO",
    "GET /api/v1/webhooks/{id}/deliveries": "DHEO",
    "POST /api/v1/webhooks/{id}/test": "DHEO",
    "POST /api/v1/webhooks/{id}/replay": "DHEO",
    "POST /api/v1/webhooks/{id}/renew": "DHEO",
    "POST /api/v1/webhooks/{id}/turn-off": "DHEO",
    "POST /api/v1/webhooks/{id}/resume": "DHEO",
    "DELETE /api/v1/webhooks/{id}": "DHEO",
    "GET /api/v1/events": "DHEOA",
}
"""The interface for programs: the letters of the roles whose tokens are served."""
PERSONAL = {
    "GET /api/v1/citizens",
    "POST /api/v1/citizens",
    "GET /api/v1/citizens/{id}",
    "PUT /api/v1/citizens/{id}",
    "GET /api/v1/appeals/{number}/files/{id}",
    "GET /api/v1/inquiries/{id}/files/{file}",
    "GET /api/v1/tasks/parties",
    "GET /api/v1/tasks/{id}/files/{file}",
    "GET /api/v1/calls/{call}/recordings/{id}/copy",
    "GET /api/v1/calls/{call}/recordings/{id}/master",
}
"""Only for tokens with personal data."""
OPEN_FOR = {None, *Role} if BY_NIGHT else {None, Role.HEAD}
"""Who asks for what is open for anybody: it looks at no role, so that by day one of them is enough."""
SOCKETS = {"GET /desk/events", "GET /sip", "GET /api/v1/events"}
"""Open for as long as the right to them lasts: see tests/cti_server/auth/test_revocation.py."""


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    return whole_application(board, accounts, storage, clock, tmp_path)


def test_every_route_stands_in_the_table(app: web.Application) -> None:
    found = [
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource and route.method != "HEAD"
    ]
    assert sorted(found) == sorted([*TABLE, *BY_TOKEN])


def test_every_handler_of_the_product_is_served_by_this_application(app: web.Application) -> None:
    """Or the table would not see a page that `service` adds and this test forgot."""
    served = {route.handler for route in app.router.routes()}
    served |= {one.run for one in OPERATIONS}
    forgotten = [
        f"{module.__name__}.{name}"
        for module in modules()
        for name, one in vars(module).items()
        if access_of(one) is not None and one.__module__ == module.__name__ and one not in served
    ]
    operations = {id(one) for module in modules() for one in vars(module).values() if type(one) is Operation}
    assert forgotten == []
    assert operations == {id(one) for one in OPERATIONS}


def modules() -> list[ModuleType]:
    names = [one.name for one in pkgutil.walk_packages(cti_server.__path__, "cti_server.")]
    return [importlib.import_module(name) for name in names]


@pytest.fixture
async def enterprise(storage: Storage) -> Executor:
    return await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())


@pytest.fixture
async def desk(
    users: Mapping[Role, User], accounts: Accounts, storage: Storage, enterprise: Executor
) -> None:
    """The dispatcher has a desk, the executor's user an enterprise."""
    one = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    await change(accounts, users[Role.DISPATCHER], dispatcher_id=one.id)
    await change(accounts, users[Role.EXECUTOR], executor_id=enterprise.id)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("role", [None, *Role])
async def test_each_role_is_served_what_the_table_says_and_nothing_else(
    person: Person, role: Role | None
) -> None:
    for route, letters in TABLE.items():
        if letters == ANYBODY and role not in OPEN_FOR:
            continue
        if role is not None and (not person.csrf or route == "GET /sign-in"):
            await person.enter(role.value)
        # For a browser each refusal would be a page: it says no more, and is most of the work here.
        answer = await ask(person, route, accept="application/json" if role else "*/*")
        got = "sign-in" if answer.status == 302 else answer.status
        if letters == ANYBODY or (role and of(role) in letters):
            assert got not in {"sign-in", 403, 401, 500}, (route, role, got)
        else:
            assert got == (403 if role else "sign-in"), (route, role, got)
        if route == "POST /sign-out":
            person.csrf = ""


OF_AGREEMENTS = {"GET /api/v1/neighbour", "POST /api/v1/neighbour/appeals"}
"""For the key of an agreement alone, whatever the role of another token."""


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("role", Role)
async def test_each_token_is_served_what_the_table_says_and_nothing_else(
    person: Person, secrets_of: Secrets, role: Role
) -> None:
    bearer = {"Authorization": f"Bearer {await secrets_of(role, personal=True)}"}
    for route, letters in BY_TOKEN.items():
        answer = await ask(person, route, bearer)
        if of(role) in letters and route in OF_AGREEMENTS:
            assert (answer.status, (await answer.json())["code"]) == (403, "scope-needed"), route
        elif of(role) in letters:
            assert answer.status not in {401, 403, 500}, (route, answer.status)
        else:
            assert (answer.status, (await answer.json())["code"]) == (403, "forbidden"), route


def test_every_route_for_programs_has_a_scope_that_serves_it(app: web.Application) -> None:
    found = [access for route in app.router.routes() if (access := access_of(route.handler))]
    by_token = [one for one in found if one.by_token]
    assert len(by_token) >= len(BY_TOKEN)
    for one in by_token:
        assert one.scopes
        assert one.permissions & frozenset().union(*(SERVES[scope] for scope in one.scopes)), one
    # Open311 takes its key in the form, so that its routes ask for their scope by themselves.
    assert {scope for one in by_token for scope in one.scopes} == set(Scope) - {Scope.OPEN311}


async def test_a_token_opens_nothing_but_its_scopes(
    person: Person, secrets_of: Secrets, storage: Storage
) -> None:
    bearer = {"Authorization": f"Bearer {await secrets_of(Role.HEAD, personal=True)}"}
    (token,) = await storage.tokens.all()
    await storage.tokens.rescope(token.id, [Scope.METRICS])
    for route, letters in BY_TOKEN.items():
        answer = await ask(person, route, bearer)
        if route == "GET /api/v1/metrics":
            assert answer.status == 200
        elif "H" in letters:
            assert (answer.status, (await answer.json())["code"]) == (403, "scope-needed"), route


async def test_a_token_opens_no_page(person: Person, secrets_of: Secrets) -> None:
    bearer = {"Authorization": f"Bearer {await secrets_of(Role.HEAD, personal=True)}"}
    pages = (route for route, letters in TABLE.items() if letters != ANYBODY)
    assert {(await ask(person, route, bearer)).status for route in pages} == {302}


async def test_without_personal_data_the_citizens_are_closed(person: Person, secrets_of: Secrets) -> None:
    bearer = {"Authorization": f"Bearer {await secrets_of(Role.HEAD, personal=False)}"}
    for route in BY_TOKEN:
        answer = await ask(person, route, bearer)
        said = (await answer.json()).get("code", "") if answer.status == 403 else ""
        assert (answer.status == 403 and said == "personal-data") is (route in PERSONAL), route


async def test_no_session_opens_what_is_for_programs(
    person: Person, users: Mapping[Role, User], secrets_of: Secrets
) -> None:
    for signed_in in (False, True):
        if signed_in:
            await person.sign_in(users[Role.HEAD].login)
        for route in BY_TOKEN:
            answer = await ask(person, route)
            assert answer.status == 401, route
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert (await answer.json())["code"] == "token-needed"
    secret = await secrets_of(Role.HEAD, personal=True)
    assert (await person.get(f"/api/v1/line?access_token={secret}")).status == 401


async def ask(
    person: Person, route: str, headers: Mapping[str, str] | None = None, accept: str = "*/*"
) -> aiohttp.ClientResponse:
    """Ask for the route as a page or a program does, of things that are not there."""
    method, address = route.split()
    path = re.sub(r"{\w+}", "999", address.replace("{format}", "csv"))
    sent, form = {"Accept": accept, **person.origin, **(headers or {})}, None
    if headers is None and route not in BY_TOKEN and method == "POST":
        form = {"csrf": person.csrf}
    return await person.client.request(method, path, data=form, headers=sent, allow_redirects=False)


def of(role: Role) -> str:
    """The role's letter in the tables."""
    return role.value[0].upper()


@pytest.fixture
def secrets_of(
    users: Mapping[Role, User], enterprise: Executor, storage: Storage, clock: MovedClock
) -> Secrets:
    """Make tokens of the head's, and give their secrets."""

    async def made(role: Role, *, personal: bool) -> str:
        secret = new_secret()
        await storage.tokens.add(
            hash_of(secret),
            name=role.value,
            role=role,
            personal=personal,
            user_id=users[Role.HEAD].id,
            made_at=clock.now(),
            expires_at=clock.now() + timedelta(days=30),
            scopes=scopes_of(role),
            executor_id=enterprise.id if role is Role.EXECUTOR else None,
        )
        return secret

    return made


async def test_a_route_that_says_not_who_may_call_it_stops_the_application(app: web.Application) -> None:
    async def forgotten(_request: web.Request) -> web.Response:
        return web.Response()

    bare = web.Application()
    bare.router.add_get("/forgotten", forgotten)
    with pytest.raises(TypeError, match="who may call it"):
        await require_declared(bare)
    await require_declared(app)
