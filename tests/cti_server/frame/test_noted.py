"""What was just done is said on the page that the browser is led to, once."""

from collections.abc import Mapping

from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import Person

SAID = "Обліковий запис закрито: увійти з ним уже не можна."


async def test_what_was_done_is_said_on_the_page_that_follows(
    head: Person, users: Mapping[Role, User]
) -> None:
    answer = await head.post(f"/admin/users/{users[Role.OBSERVER].id}/deactivate")
    assert SAID in await head.text(answer.headers["Location"])
    assert SAID not in await head.text("/admin/users")


async def test_an_address_cannot_make_a_page_say_anything(head: Person) -> None:
    page = await head.text("/admin/users?noted=<b>усе+зроблено</b>")
    assert "усе зроблено" not in page
    assert 'id="noted"' not in page
