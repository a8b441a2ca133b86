"""The documents of a city's data as tables: which tables and columns each has, and the words of both.

One description serves the pages, their forms, the files that people take away and bring back, and the
comparison of versions. The keys are those of the documents' TOML.
"""

from collections.abc import Mapping, Sequence

from hotline.city_data.air_raid import AIR_RAID
from hotline.city_data.columns import CODE, EN, UK, Choice, Column, DocumentTable, Holds
from hotline.city_data.directory import DIRECTORY
from hotline.city_data.power_queues import POWER_QUEUES
from hotline.city_data.score_form import SCORE_FORM
from hotline.city_data.shifts import SHIFTS
from hotline.city_data.state_classifier import STATE_CLASSIFIER

_CODE_HINT_UK = "Латинські літери, цифри та дефіс. Код не змінюйте: за ним записано звернення."
_CODE_HINT_EN = "Latin letters, digits and hyphens. Leave a code as it is: appeals are kept by it."
_TERM_HINT_UK, _TERM_HINT_EN = "Наприклад, 24 години, 3 дні, 1 місяць", "Such as 24 hours, 3 days, 1 month"
_CLOCK_HINT_UK, _CLOCK_HINT_EN = "У хвилинах або годинах", "In minutes or hours"

UTILITIES = (
    Choice(value="water", uk="Вода", en="Water"),
    Choice(value="hot-water", uk="Гаряча вода", en="Hot water"),
    Choice(value="heat", uk="Опалення", en="Heating"),
    Choice(value="power", uk="Електроенергія", en="Electricity"),
    Choice(value="gas", uk="Газ", en="Gas"),
    Choice(value="lifts", uk="Ліфти", en="Lifts"),
    Choice(value="roads", uk="Дороги", en="Roads"),
    Choice(value="other", uk="Інше", en="Something else"),
)
URGENCIES = (
    Choice(value="ordinary", uk="Звичайна", en="Ordinary"),
    Choice(value="urgent", uk="Термінова", en="Urgent"),
    Choice(value="emergency", uk="Аварія", en="Emergency"),
)
KINDS = (
    Choice(value="application", uk="Заява (клопотання)", en="Application"),
    Choice(value="complaint", uk="Скарга", en="Complaint"),
    Choice(value="proposal", uk="Пропозиція (зауваження)", en="Proposal"),
    Choice(value="report", uk="Повідомлення про несправність", en="Report of a fault"),
    Choice(
        value="information-request", uk="Запит на публічну інформацію", en="Request for public information"
    ),
)

_CATEGORIES = DocumentTable(
    key="category",
    uk="Категорії",
    en="Categories",
    known_by="code",
    called="uk",
    columns=(
        Column(
            key="code",
            uk="Код",
            en="Code",
            holds=Holds.CODE,
            needed=True,
            hint_uk=_CODE_HINT_UK,
            hint_en=_CODE_HINT_EN,
        ),
        UK,
        EN,
        Column(
            key="section",
            uk="Група питань",
            en="Section",
            holds=Holds.ONE_OF,
            of="section",
            groups=True,
            hint_uk="Порожньо: серед решти",
            hint_en="Empty: among the rest",
        ),
        Column(key="utility", uk="Послуга", en="Utility", holds=Holds.ONE_OF, needed=True, among=UTILITIES),
        Column(
            key="urgency", uk="Терміновість", en="Urgency", holds=Holds.ONE_OF, needed=True, among=URGENCIES
        ),
        Column(
            key="term",
            uk="Строк",
            en="Term",
            holds=Holds.TERM,
            needed=True,
            hint_uk=_TERM_HINT_UK,
            hint_en=_TERM_HINT_EN,
        ),
        Column(
            key="acknowledge",
            uk="Прийняти протягом",
            en="Acknowledge within",
            holds=Holds.TERM,
            beneath=True,
            hint_uk="Порожньо: як велить терміновість",
            hint_en="Empty: as its urgency says",
        ),
        Column(
            key="interruption",
            uk="Заявник без послуги",
            en="Without the utility",
            holds=Holds.FLAG,
            otherwise="no",
            hint_uk="Багато таких звернень можуть означати відключення",
            hint_en="Many such appeals may be an outage",
        ),
        Column(
            key="words",
            uk="Слова для пошуку",
            en="Further words",
            beneath=True,
            hint_uk="Як іще про це кажуть, через пробіл",
            hint_en="What else people say for it, with blanks between",
        ),
    ),
)
_SECTIONS = DocumentTable(
    key="section",
    uk="Групи питань",
    en="Sections",
    known_by="code",
    called="uk",
    columns=(
        Column(
            key="code",
            uk="Код",
            en="Code",
            holds=Holds.CODE,
            needed=True,
            hint_uk="За класифікатором постанови № 858, наприклад 090",
            hint_en="By the classifier of resolution 858, such as 090",
        ),
        UK,
        EN,
    ),
)
_CLASSIFIER_RULES = DocumentTable(
    key="",
    uk="Загальні правила",
    en="General rules",
    columns=(
        Column(
            key="emergency",
            uk="Категорія невідомої аварії",
            en="Category of an unknown emergency",
            holds=Holds.ONE_OF,
            of="category",
            needed=True,
        ),
        Column(
            key="information_request",
            uk="Категорія запитів на публічну інформацію",
            en="Category of requests for information",
            holds=Holds.ONE_OF,
            of="category",
        ),
        *(
            Column(
                key=f"urgent.{one.value}",
                uk=f"Строк, найдовший: {one.uk.lower()}",
                en=f"Term at most: {one.en.lower()}",
                holds=Holds.TERM,
                hint_uk=_TERM_HINT_UK,
                hint_en=_TERM_HINT_EN,
            )
            for one in URGENCIES
        ),
        *(
            Column(
                key=f"acknowledge.{one.value}",
                uk=f"Прийняти протягом: {one.uk.lower()}",
                en=f"Acknowledge within: {one.en.lower()}",
                holds=Holds.TERM,
                hint_uk=_CLOCK_HINT_UK,
                hint_en=_CLOCK_HINT_EN,
            )
            for one in URGENCIES
        ),
    ),
)
_SCOPE = (
    Column(
        key="categories",
        uk="Для категорій",
        en="For categories",
        holds=Holds.SOME_OF,
        of="category",
        beneath=True,
        hint_uk="Не вибрано ні категорії, ні групи: для всіх",
        hint_en="With neither a category nor a section: for all",
    ),
    Column(
        key="sections",
        uk="Для груп питань",
        en="For sections",
        holds=Holds.SOME_OF,
        of="section",
        beneath=True,
    ),
)
ASKS = (
    Choice(value="text", uk="Текст", en="Text"),
    Choice(value="choice", uk="Вибір зі списку", en="A choice"),
    Choice(value="number", uk="Число", en="A number"),
    Choice(value="yes-no", uk="Так чи ні", en="Yes or no"),
    Choice(value="moment", uk="День або час", en="A day or moment"),
)
_QUESTIONS = DocumentTable(
    key="question",
    uk="Запитання заявникові",
    en="Questions to the applicant",
    known_by="code",
    called="uk",
    columns=(
        CODE,
        UK,
        EN,
        Column(
            key="asks", uk="Вид відповіді", en="Kind of answer", holds=Holds.ONE_OF, needed=True, among=ASKS
        ),
        Column(
            key="options_uk",
            uk="Варіанти українською",
            en="Options in Ukrainian",
            holds=Holds.LIST,
            hint_uk="Лише для вибору зі списку; через кому, у тому самому порядку, що й англійською",
            hint_en="Of a choice alone; commas between them, in the same order as in English",
        ),
        Column(key="options_en", uk="Варіанти англійською", en="Options in English", holds=Holds.LIST),
        Column(
            key="needed",
            uk="Обов’язкове",
            en="Has to be asked",
            holds=Holds.FLAG,
            otherwise="no",
            hint_uk="Без відповіді диспетчер не зареєструє звернення",
            hint_en="Without an answer the dispatcher cannot register the appeal",
        ),
        *_SCOPE,
    ),
)
_STEPS = DocumentTable(
    key="step",
    uk="Підказки для розмови",
    en="Guides of a conversation",
    known_by="code",
    called="uk",
    columns=(
        CODE,
        UK,
        EN,
        Column(
            key="at_once",
            uk="Сказати відразу",
            en="To be said at once",
            holds=Holds.FLAG,
            otherwise="no",
            hint_uk="Стоїть угорі й виділено: спершу безпека людей",
            hint_en="Stands on top and marked: people’s safety comes first",
        ),
        *_SCOPE,
    ),
)
_BLANKS_UK = (
    "У дужках: {number} — номер звернення, {term} — строк, {executor} — виконавець, {address} — адреса, "
    "{category} — категорія. Чого ще немає, з тим відповідь не пропонують."
)
_BLANKS_EN = (
    "In braces: {number} of the appeal, its {term}, {executor}, {address} and {category}. "
    "An answer with what is not known yet is not offered."
)
_ANSWERS = DocumentTable(
    key="answer",
    uk="Готові відповіді",
    en="Ready answers",
    known_by="code",
    called="uk",
    columns=(
        CODE,
        Column(key="uk", uk="Назва українською", en="Name in Ukrainian", needed=True),
        Column(key="en", uk="Назва англійською", en="Name in English", needed=True),
        Column(
            key="text_uk",
            uk="Текст українською",
            en="Text in Ukrainian",
            needed=True,
            hint_uk=_BLANKS_UK,
            hint_en=_BLANKS_EN,
        ),
        Column(key="text_en", uk="Текст англійською", en="Text in English", needed=True),
        *_SCOPE,
    ),
)
_BENEFITS = DocumentTable(
    key="benefit",
    uk="Категорії пільг",
    en="Categories of applicants",
    known_by="code",
    called="uk",
    columns=(
        Column(
            key="code",
            uk="Код",
            en="Code",
            holds=Holds.CODE,
            needed=True,
            hint_uk="За класифікатором постанови № 858, наприклад 7.1",
            hint_en="By the classifier of resolution 858, such as 7.1",
        ),
        UK,
        EN,
        Column(
            key="first",
            uk="Розглядати першочергово",
            en="Goes before others",
            holds=Holds.FLAG,
            needed=True,
        ),
    ),
)
_CITY = DocumentTable(
    key="",
    uk="Назва міста",
    en="Name of the city",
    columns=(
        Column(key="name", uk="Назва", en="Name in Ukrainian", needed=True),
        Column(
            key="whose",
            uk="Чий контакт-центр",
            en="Whose centre it is, in Ukrainian",
            needed=True,
            hint_uk="Як у привітанні: «Контакт-центр міста Славутича». Плюс перед голосною — наголос",
            hint_en="As the greeting says it, in the genitive; a plus before a vowel marks the stress",
        ),
        Column(key="en", uk="Назва англійською", en="Name in English", needed=True),
    ),
)
_PAPERS = DocumentTable(
    key="",
    uk="Назви на документах",
    en="Names on papers",
    columns=(
        Column(key="organisation", uk="Установа", en="Organisation", needed=True),
        Column(key="unit", uk="Підрозділ", en="Unit", needed=True),
        Column(key="head", uk="Посада керівника", en="Post of the head", needed=True),
        Column(key="case", uk="Справа за номенклатурою", en="Case of the nomenclature", needed=True),
        Column(key="anonymous", uk="Літери анонімних", en="Letters of anonymous ones", needed=True),
        Column(key="collective", uk="Літери колективних", en="Letters of collective ones", needed=True),
        Column(
            key="given_names",
            uk="Імена",
            en="Given names",
            holds=Holds.LIST,
            hint_uk="За ними прізвище відрізняють від імені: «Іван Кравчук» і «Кравчук Іван»",
            hint_en="By them a surname is told from a given name",
        ),
        Column(key="edrpou", uk="Код ЄДРПОУ", en="Code of the state's register (ЄДРПОУ)"),
        Column(
            key="sev_system",
            uk="Ідентифікатор системи в СЕВ ОВВ",
            en="Id of the system in СЕВ ОВВ",
            hint_uk="Системи документообігу, яка надсилає",
            hint_en="Of the system of documents that sends",
        ),
        Column(key="sev_name", uk="Назва цієї системи", en="Name of that system"),
    ),
)
_INDEXES = DocumentTable(
    key="index",
    uk="Реєстраційні індекси",
    en="Registration indexes",
    known_by="pattern",
    called="pattern",
    columns=(
        Column(
            key="kinds",
            uk="Види звернень",
            en="Kinds of appeals",
            holds=Holds.SOME_OF,
            needed=True,
            among=KINDS,
        ),
        Column(
            key="series",
            uk="Лічильник",
            en="Series",
            holds=Holds.CODE,
            needed=True,
            hint_uk="Щороку починається з 1; однаковий — спільна нумерація",
            hint_en="Begins at 1 each year; the same one is counted together",
        ),
        Column(
            key="pattern",
            uk="Зразок індексу",
            en="Pattern",
            needed=True,
            hint_uk="{letter} — літера прізвища, {running} — номер за лічильником, "
            "{number} — номер звернення, {year} і {yy} — рік",
            hint_en="{letter} of the surname, {running} in the series, {number} of the appeal, "
            "{year} and {yy}",
        ),
    ),
)
_FIXED = DocumentTable(
    key="fixed",
    uk="Святкові дні щороку",
    en="Holidays of every year",
    known_by="day",
    called="uk",
    columns=(
        Column(
            key="day",
            uk="День",
            en="Day",
            holds=Holds.DAY_OF_YEAR,
            needed=True,
            hint_uk="День і місяць, наприклад 25.12",
            hint_en="Day and month, such as 25.12",
        ),
        UK,
        EN,
    ),
)
_MOVING = DocumentTable(
    key="moving",
    uk="Святкові дні за роками",
    en="Holidays by year",
    known_by="uk",
    called="uk",
    columns=(
        UK,
        EN,
        Column(
            key="days",
            uk="Дні",
            en="Days",
            holds=Holds.DAYS,
            needed=True,
            hint_uk="Дати через кому, наприклад 12.04.2026, 02.05.2027",
            hint_en="Dates with commas between them, such as 12.04.2026, 02.05.2027",
        ),
    ),
)
_SUSPENDED = DocumentTable(
    key="suspended",
    uk="Святкові дні не діють (воєнний стан)",
    en="Holidays suspended (martial law)",
    known_by="since",
    called="since",
    columns=(
        Column(key="since", uk="З дня", en="Since", holds=Holds.DAY, needed=True),
        Column(
            key="until",
            uk="До дня включно",
            en="Until, that day included",
            holds=Holds.DAY,
            hint_uk="Порожньо: триває",
            hint_en="Empty: it goes on",
        ),
    ),
)
_PAUSES = DocumentTable(
    key="pause",
    uk="Причини перерв",
    en="Reasons of pauses",
    known_by="code",
    called="uk",
    columns=(
        Column(
            key="code",
            uk="Код",
            en="Code",
            holds=Holds.CODE,
            needed=True,
            hint_uk="Латинські літери, цифри та дефіс. Код, що вже був, лишається: за ним записано перерви.",
            hint_en="Latin letters, digits and hyphens. One that was there stays: pauses are kept by it.",
        ),
        UK,
        EN,
        Column(
            key="chosen",
            uk="Пропонувати диспетчерам",
            en="Offered to dispatchers",
            holds=Holds.FLAG,
            otherwise="yes",
        ),
    ),
)
TABLES: Mapping[str, Sequence[DocumentTable]] = {
    "classifier": (_CATEGORIES, _SECTIONS, _QUESTIONS, _STEPS, _ANSWERS, _CLASSIFIER_RULES),
    "benefits": (_BENEFITS,),
    "paperwork": (_PAPERS, _INDEXES),
    "days-off": (_FIXED, _MOVING, _SUSPENDED),
    "pauses": (_PAUSES,),
    "score-form": SCORE_FORM,
    "shifts": SHIFTS,
    "directory": DIRECTORY,
    "power-queues": POWER_QUEUES,
    "air-raid": AIR_RAID,
    "state-classifier": STATE_CLASSIFIER,
    "city": (_CITY,),
}
"""The tables of each kind of document, the one that people look for first."""
