"""The base of inputs: structs whose texts are tidied before anybody reads them."""

import msgspec

from hotline.foreign_text import tidied


class Input(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An input of a form or of a body."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            if type(given := getattr(self, name)) is str:
                setattr(self, name, tidied(given))
