"""The settings of lines that we answer for other cities by agreement."""

from dataclasses import dataclass

from service import environment as env
from service.settings.sign_language import e164_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourSettings:
    """Other cities' telephones, as far as the trunk brings them here."""

    numbers: tuple[str, ...] = env.parsed(
        "HOTLINE_NEIGHBOUR_NUMBERS",
        "",
        "other cities' numbers that our trunk brings as well (E.164, by commas), to be answered in their name"
        " while an agreement holds, else in ours. What a provider forwards to our own number, naming theirs"
        " (`Diversion`), needs no setting",
        e164_numbers,
        usual="none",
    )
