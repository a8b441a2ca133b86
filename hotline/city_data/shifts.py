"""Shifts and rules of rest as tables."""

from collections.abc import Sequence

from hotline.city_data.columns import CODE, EN, UK, Column, DocumentTable, Holds, number

_KINDS = DocumentTable(
    key="shift",
    uk="Зміни",
    en="Shifts",
    known_by="code",
    called="uk",
    columns=(
        CODE,
        UK,
        EN,
        Column(
            key="since", uk="Від", en="From", needed=True, hint_uk="Наприклад, 08:00", hint_en="Such as 08:00"
        ),
        Column(
            key="until",
            uk="До",
            en="Until",
            needed=True,
            hint_uk="Не пізніше початку — наступного дня: від 08:00 до 08:00 триває добу",
            hint_en="At or before the beginning is on the next day: 08:00 to 08:00 lasts a day",
        ),
    ),
)
_RULES = DocumentTable(
    key="",
    uk="Правила відпочинку",
    en="Rules of rest",
    columns=(
        number(
            "rest_hours",
            "Відпочинок між змінами, годин, щонайменше",
            "Rest between shifts, hours at least",
        ),
        number("longest_hours", "Найдовша зміна, годин", "Longest shift, hours"),
        number("week_hours", "Годин на тиждень у середньому, не більше", "Hours a week on average, at most"),
        number("average_weeks", "Середнє за стільки тижнів", "Average over so many weeks"),
        number("late_minutes", "Не вважається запізненням, хвилин", "Not late yet, minutes"),
        Column(
            key="swaps_by_rule",
            uk="Обмін змінами без начальника",
            en="Swaps without the head",
            holds=Holds.FLAG,
            otherwise="no",
            hint_uk="Обмін, що не порушує правил відпочинку, діє, щойно погодилися обоє",
            hint_en="A swap that keeps the rules of rest holds once both agree",
        ),
    ),
)

SHIFTS: Sequence[DocumentTable] = (_KINDS, _RULES)
