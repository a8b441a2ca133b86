"""The HTTP status of each error that a person or a program may meet."""

from collections.abc import Mapping

STATUS: Mapping[str, int] = {
    "sign-in-needed": 401,
    "token-needed": 401,
    "forbidden": 403,
    "not-yours": 403,
    "personal-data": 403,
    "foreign-request": 403,
    "demo-account": 403,
    "not-found": 404,
    "no-desk": 404,
    "call-gone": 410,
    "already-taken": 409,
    "forbidden-transition": 409,
    "engaged": 409,
    "no-phone": 409,
    "not-recorded": 409,
    "off-duty": 409,
    "overtaken": 409,
    "key-reused": 409,
    "alike": 409,
    "outdated": 412,
    "json-needed": 415,
    "not-json": 400,
    "invalid": 422,
    "act-fault": 422,
    "unreadable-file": 422,
    "condition-needed": 428,
    "too-many-attempts": 429,
    "too-many-requests": 429,
    "wrong-host": 421,
    "too-many-together": 503,
    "telephony": 503,
    "sound-locked": 503,
}
"""An error's code → HTTP status; one that is not here is 500."""
