"""Rules of air-raid alerts as tables."""

from collections.abc import Sequence

from hotline.city_data.columns import Column, DocumentTable

_LOCATIONS = DocumentTable(
    key="location",
    uk="Чиї тривоги наші",
    en="Whose alerts are ours",
    known_by="name",
    called="name",
    columns=(
        Column(
            key="name",
            uk="Назва або код місцевості",
            en="Name or code of the location",
            needed=True,
            hint_uk="Як на alerts.in.ua: громада, район, область",
            hint_en="As alerts.in.ua has it: community, raion, oblast",
        ),
    ),
)
_MEASURES = DocumentTable(
    key="measure",
    uk="Що змінюється в центрі",
    en="What changes in the centre",
    known_by="uk",
    called="uk",
    columns=(
        Column(key="uk", uk="Українською", en="In Ukrainian", needed=True),
        Column(key="en", uk="Англійською", en="In English"),
    ),
)
_RESIDENTS = DocumentTable(
    key="",
    uk="Що бачать мешканці",
    en="What residents see",
    columns=(
        Column(key="residents_uk", uk="Українською", en="In Ukrainian"),
        Column(key="residents_en", uk="Англійською", en="In English"),
    ),
)

AIR_RAID: Sequence[DocumentTable] = (_LOCATIONS, _MEASURES, _RESIDENTS)
