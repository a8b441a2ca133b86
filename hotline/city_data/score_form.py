"""The form by which talks are assessed, as tables: questions, sections, and the rules that go with them."""

from collections.abc import Sequence

from hotline.city_data.columns import CODE, EN, UK, Choice, Column, DocumentTable, Holds, number

SCORE_KINDS = (
    Choice(value="yes-no", uk="Так або ні", en="Yes or no"),
    Choice(value="scale", uk="Оцінка від 1 до 5", en="A mark from 1 to 5"),
)
SCORE_FACTS = (
    Choice(value="greeting", uk="Привітання прозвучало", en="The greeting was said"),
    Choice(value="read-back", uk="Адресу перепитано", en="The address was read back"),
    Choice(value="term-told", uk="Строк названо", en="The term was told"),
    Choice(value="registered", uk="Звернення або консультацію записано", en="Appeal or consultation entered"),
    Choice(value="kept", uk="Категорію й терміновість не виправляли", en="Category and urgency kept"),
    Choice(value="confirmed", uk="Виконання підтвердив заявник", en="The applicant confirmed the work"),
)


_SECTIONS = DocumentTable(
    key="section",
    uk="Розділи",
    en="Sections",
    known_by="code",
    called="uk",
    columns=(CODE, UK, EN),
)
_QUESTIONS = DocumentTable(
    key="question",
    uk="Запитання",
    en="Questions",
    known_by="code",
    called="uk",
    columns=(
        CODE,
        UK,
        EN,
        Column(
            key="section",
            uk="Розділ",
            en="Section",
            holds=Holds.ONE_OF,
            of="section",
            needed=True,
            groups=True,
        ),
        Column(key="kind", uk="Відповідь", en="Answer", holds=Holds.ONE_OF, needed=True, among=SCORE_KINDS),
        Column(
            key="weight",
            uk="Вага",
            en="Weight",
            holds=Holds.NUMBER,
            needed=True,
            hint_uk="Від 1 до 100: запитання з вагою 10 важить удвічі більше, ніж із вагою 5",
            hint_en="From 1 to 100: a question of weight 10 counts twice as much as one of 5",
        ),
        Column(
            key="critical",
            uk="Критичне",
            en="Critical",
            holds=Holds.FLAG,
            otherwise="no",
            hint_uk="Відповідь «ні» або оцінка 1 — і розмову не зараховано, хоч би яким був відсоток",
            hint_en="A “no”, or the mark 1, and the talk has not passed, whatever the percentage",
        ),
        Column(
            key="fact",
            uk="Заповнює система",
            en="Filled in by the machine",
            holds=Holds.ONE_OF,
            among=SCORE_FACTS,
            hint_uk="Відповідь, яку той, хто оцінює, лише підтверджує або виправляє",
            hint_en="An answer that the assessor only confirms, or puts right",
        ),
        Column(key="hint_uk", uk="Підказка українською", en="Hint in Ukrainian", beneath=True),
        Column(key="hint_en", uk="Підказка англійською", en="Hint in English", beneath=True),
    ),
)
_RULES = DocumentTable(
    key="",
    uk="Правила оцінювання",
    en="Rules of assessing",
    columns=(
        number("passes", "Зараховано від, %", "Passes from, %"),
        number("dispute_days", "Оскаржити можна протягом, днів", "May be disputed for, days"),
        number("sampling.random", "Випадкових розмов на тиждень", "Talks by lot, a week"),
        number(
            "sampling.by_signs",
            "Розмов з ознаками на тиждень, не більше",
            "Talks by signs, a week at most",
        ),
        number("sampling.silence", "Довга тиша від, с", "Long silence from, s"),
        number("sampling.talk_over", "Говорять одночасно разом від, с", "Talk-over in all from, s"),
        number("sampling.short", "Дуже коротка розмова до, с", "Very short talk up to, s"),
        number("sampling.long", "Дуже довга розмова від, с", "Very long talk from, s"),
        number("sampling.repeat_days", "Повторний дзвінок протягом, днів", "Called again within, days"),
        number("sampling.low_rating", "Низька оцінка заявника до", "Low rating by the applicant up to"),
    ),
)

SCORE_FORM: Sequence[DocumentTable] = (_QUESTIONS, _SECTIONS, _RULES)
"""The table that people look for first stands first."""
