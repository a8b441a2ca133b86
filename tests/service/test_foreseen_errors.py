"""What an administrator sees when the hotline cannot start."""

import pytest

from hotline.errors import SettingsError
from service.command_line import _foreseen


def test_a_foreseen_error_is_found_however_deep_the_task_groups_lie() -> None:
    error = SettingsError("Port 8080 cannot be used.")
    group = ExceptionGroup("tasks", [ExceptionGroup("tasks", [error])])
    assert _foreseen(group) is error
    assert _foreseen(error) is error


def test_an_unforeseen_one_beside_it_is_not_hidden() -> None:
    group = ExceptionGroup("tasks", [SettingsError("x"), ZeroDivisionError()])
    with pytest.raises(ExceptionGroup):
        _foreseen(group)
