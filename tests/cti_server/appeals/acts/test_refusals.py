"""What the rules say when they refuse is said in Ukrainian as well."""

from pathlib import Path

from babel.messages.extract import extract_from_file

import hotline.appeals.acts
import storage.appeals
from cti_server.appeals.acts.refusals import SENTENCES, refusal
from cti_server.frame.language import words
from hotline.appeals.acts.act import ActFault
from hotline.errors import ForbiddenTransition

RAISED = {"ActFault": (2,), "require_text": None, "ForbiddenTransition": (1,)}
ACTS, STORED = Path(hotline.appeals.acts.__file__).parent, Path(storage.appeals.__file__).parent


def test_every_sentence_of_the_acts_stands_in_the_catalogue() -> None:
    files = [*ACTS.glob("*.py"), STORED / "handling.py", STORED / "links.py"]
    said = {
        message
        for file in files
        for _line, message, *_rest in extract_from_file("python", file, keywords=RAISED)
        if " " in str(message)
    }
    assert said == set(SENTENCES)


def test_a_refusal_is_said_with_its_numbers_in_the_readers_language() -> None:
    error = ForbiddenTransition(
        "The applicant has to be asked first; attempts that are left: %(left)s.", left=2
    )
    assert refusal(error, words("uk")) == "Спершу запитайте заявника. Залишилося спроб: 2."
    assert str(error) == refusal(error, words("en"))
    assert refusal(ActFault("reason", "Nothing was changed."), words("uk")) == "Нічого не змінено."
