"""What of an applicant goes to an enterprise's server."""

from dataclasses import replace

from hotline.enterprises.open311 import Open311Endpoint, Shared
from service.open311.carrier import form_of
from tests.cti_server.conftest import KYIV
from tests.hotline.appeals.people import APPEAL


def test_the_number_of_who_is_not_to_be_called_stays_here() -> None:
    endpoint = Open311Endpoint(address="https://uzhkg.example/v2", shared=Shared.APPLICANT)
    called = replace(APPEAL, applicant_number="+380671234567")
    assert form_of(endpoint, called, "1", KYIV)["phone"] == "+380671234567"
    form = form_of(endpoint, replace(called, only_in_writing=True), "1", KYIV, name="Марія")
    assert (form["phone"], form["first_name"]) == ("", "Марія")
    first, second = form["description"].splitlines()[:2]
    assert first.startswith(f"№ {APPEAL.number}.")
    assert second == "Заявник просить лише письмово: не телефонувати про це."
