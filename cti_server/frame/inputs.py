"""Inputs of forms and bodies: structs whose texts are tidied before anybody reads them, and common values."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hotline.foreign_text import tidied

CallId = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", description="Asterisk's linked id.")
]
Number = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164.")]
CitizenId = Annotated[int, Meta(ge=1, le=2**53)]
Category = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]{1,60}$",
        description="Of the classifier: `/categories`.",
        examples=["hot-water-none"],
    ),
]


class Input(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An input of a form or of a body."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if type(given := getattr(self, name)) is str:
                setattr(self, name, tidied(given))
