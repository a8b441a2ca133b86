"""Roles as they are given to `hotline serve`."""

import pytest

from hotline.errors import SettingsError
from service.processes.roles import Role, locks_of, roles_of
from storage.core.advisory_locks import AdvisoryLock


def test_several_are_given_with_commas_or_one_after_the_other() -> None:
    assert roles_of(["telephony,scheduler", " media "]) == {Role.TELEPHONY, Role.SCHEDULER, Role.MEDIA}
    assert roles_of([]) == frozenset()


def test_an_unknown_one_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match="'pages': give one of web, telephony, scheduler, media"):
        roles_of(["web,pages"])


def test_any_number_serves_pages_and_of_the_others_there_is_one() -> None:
    assert locks_of({Role.WEB}) == []
    assert locks_of({Role.SCHEDULER, Role.TELEPHONY}) == [AdvisoryLock.TELEPHONY, AdvisoryLock.SCHEDULER]
