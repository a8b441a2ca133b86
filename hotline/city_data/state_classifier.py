"""Codes of the state's classifier as a table."""

from collections.abc import Sequence

from hotline.city_data.columns import Column, DocumentTable

_CODES = DocumentTable(
    key="code",
    uk="Коди державного класифікатора",
    en="Codes of the state's classifier",
    known_by="name",
    called="uk",
    columns=(
        Column(
            key="name",
            uk="Що в нас",
            en="What it is here",
            needed=True,
            hint_uk="receipt:phone, sign:first, kind:complaint, subject:individual, type:post, "
            "result:refused, question:код категорії",
            hint_en="receipt:phone, sign:first, kind:complaint, subject:individual, type:post, "
            "result:refused, question:code of a category",
        ),
        Column(
            key="code",
            uk="Код",
            en="Code",
            hint_uk="Порожньо: у класифікаторі такого немає",
            hint_en="Empty: the classifier has none",
        ),
        Column(key="uk", uk="Назва в класифікаторі", en="Name in the classifier", needed=True),
    ),
)
STATE_CLASSIFIER: Sequence[DocumentTable] = (_CODES,)
