"""Bodies and their people as tables."""

from collections.abc import Sequence

from hotline.city_data.columns import CODE, EN, UK, Choice, Column, DocumentTable, Holds

BODY_KINDS = (
    Choice(value="council", uk="Рада і виконком", en="Council and its departments"),
    Choice(value="state", uk="Державні служби", en="State services"),
    Choice(value="emergency", uk="Екстрені служби", en="Emergency services"),
    Choice(value="health", uk="Медицина", en="Health"),
    Choice(value="education", uk="Освіта й культура", en="Education and culture"),
    Choice(value="enterprise", uk="Підприємства", en="Enterprises"),
    Choice(value="other", uk="Інше", en="Others"),
)
_NUMBERS_HINT_UK, _NUMBERS_HINT_EN = (
    "Через кому, наприклад 04579 2-00-00, 1545",
    "With commas between them, such as 04579 2-00-00, 1545",
)
_INNER = Column(
    key="inner",
    uk="Службові телефони",
    en="Telephones for the hotline alone",
    holds=Holds.LIST,
    beneath=True,
    hint_uk="Лише для диспетчерів, мешканцям їх не показують",
    hint_en="For dispatchers alone: residents are not shown them",
)
_NUMBERS = Column(
    key="numbers",
    uk="Телефони",
    en="Telephones",
    holds=Holds.LIST,
    hint_uk=_NUMBERS_HINT_UK,
    hint_en=_NUMBERS_HINT_EN,
)
_PUBLIC = Column(
    key="public",
    uk="Показувати мешканцям",
    en="Shown to residents",
    holds=Holds.FLAG,
    otherwise="no",
)
_EMAIL = Column(key="email", uk="Електронна пошта", en="E-mail", beneath=True)

_BODIES = DocumentTable(
    key="body",
    uk="Органи та установи",
    en="Bodies and institutions",
    known_by="code",
    called="uk",
    columns=(
        CODE,
        UK,
        EN,
        Column(
            key="kind",
            uk="Розділ",
            en="Group",
            holds=Holds.ONE_OF,
            needed=True,
            among=BODY_KINDS,
            groups=True,
        ),
        _NUMBERS,
        _INNER,
        Column(
            key="hours",
            uk="Години роботи",
            en="Hours",
            hint_uk="Наприклад: пн-чт 8:00-17:00, пт 8:00-15:45, обід 12:00-12:45; або цілодобово",
            hint_en="Such as: mon-thu 8:00-17:00, fri 8:00-15:45, break 12:00-12:45; or round the clock",
        ),
        Column(
            key="closed",
            uk="Не працює в дні",
            en="Closed on days",
            holds=Holds.LIST,
            beneath=True,
            hint_uk="Крім державних свят, наприклад: 24.12.2026, 02.01.2027–06.01.2027",
            hint_en="Besides the holidays of the country, such as: 24.12.2026, 02.01.2027–06.01.2027",
        ),
        Column(key="address", uk="Адреса", en="Address", beneath=True),
        _EMAIL,
        Column(key="site", uk="Сайт", en="Web page", beneath=True),
        Column(
            key="topics",
            uk="З чим звертаються",
            en="What people turn to it for",
            holds=Holds.LIST,
            beneath=True,
            hint_uk="Через кому, наприклад: паспорт, реєстрація місця проживання, субсидія",
            hint_en="With commas between them; in Ukrainian, as callers say it",
        ),
        Column(
            key="enterprise",
            uk="Підприємство з реєстру виконавців",
            en="Enterprise of the register of executors",
            beneath=True,
            hint_uk="Коротка назва, як у реєстрі: тоді чергові беруться звідти",
            hint_en="Its short name as in the register: who is on duty is taken from there",
        ),
        _PUBLIC,
    ),
)
_OFFICIALS = DocumentTable(
    key="official",
    uk="Посадові особи",
    en="Officials",
    known_by="name",
    called="name",
    columns=(
        Column(
            key="name",
            uk="Прізвище, ім’я, по батькові",
            en="Full name",
            needed=True,
            hint_uk="Двох однойменних розрізніть, наприклад, відділом у дужках",
            hint_en="Tell two of one name apart, such as by the department in brackets",
        ),
        Column(
            key="body",
            uk="Орган чи установа",
            en="Body",
            holds=Holds.ONE_OF,
            of="body",
            needed=True,
            groups=True,
        ),
        Column(key="post_uk", uk="Посада", en="Post, in Ukrainian", needed=True),
        Column(key="post_en", uk="Посада англійською", en="Post, in English", beneath=True),
        _NUMBERS,
        _INNER,
        _EMAIL,
        Column(key="room", uk="Кабінет", en="Room"),
        Column(
            key="reception",
            uk="Прийом громадян",
            en="Receives residents",
            beneath=True,
            hint_uk="Наприклад: перший вівторок місяця, 10:00–12:00",
            hint_en="In Ukrainian, such as: перший вівторок місяця, 10:00–12:00",
        ),
        Column(key="away_since", uk="Відсутня особа з дня", en="Away since", holds=Holds.DAY, beneath=True),
        Column(
            key="away_until",
            uk="Відсутня до дня включно",
            en="Away until, that day included",
            holds=Holds.DAY,
            beneath=True,
            hint_uk="Порожньо: ще невідомо",
            hint_en="Empty: nobody knows yet",
        ),
        Column(
            key="stands_in",
            uk="Хто заступає",
            en="Who stands in",
            holds=Holds.ONE_OF,
            of="official",
            beneath=True,
        ),
        _PUBLIC,
    ),
)

DIRECTORY: Sequence[DocumentTable] = (_BODIES, _OFFICIALS)
