"""Queues of power as tables."""

from collections.abc import Sequence

from hotline.city_data.columns import Column, DocumentTable

_HOUSES = DocumentTable(
    key="house",
    uk="Будинки",
    en="Houses",
    known_by="place",
    called="place",
    columns=(
        Column(
            key="place",
            uk="Вулиця або квартал і будинки",
            en="Street or quarter, and houses",
            needed=True,
            hint_uk="Наприклад, Київський квартал, 1–9 непарні. Без будинків — усі",
            hint_en="Such as Київський квартал, 1–9 odd. Without houses: all of them",
        ),
        Column(
            key="queue",
            uk="Черга",
            en="Queue",
            needed=True,
            hint_uk="Як її називає постачальник, наприклад 4.1",
            hint_en="As the supplier calls it, such as 4.1",
        ),
    ),
)
_SUPPLIER = DocumentTable(
    key="",
    uk="Постачальник",
    en="Supplier",
    columns=(
        Column(key="supplier_uk", uk="Назва", en="Name in Ukrainian"),
        Column(key="supplier_en", uk="Назва англійською", en="Name in English"),
        Column(key="phone", uk="Телефон", en="Telephone"),
        Column(
            key="page",
            uk="Сторінка",
            en="Page",
            hint_uk="Де за особовим рахунком показано чергу",
            hint_en="Where one's own account tells the queue",
        ),
        Column(
            key="executor",
            uk="Підприємство",
            en="Enterprise",
            hint_uk="Коротка назва в реєстрі: його програма може подавати графіки",
            hint_en="Its short name in the register: its program may tell the schedules",
        ),
    ),
)

POWER_QUEUES: Sequence[DocumentTable] = (_HOUSES, _SUPPLIER)
