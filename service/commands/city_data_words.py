"""Texts of `hotline city-data`, in Ukrainian and English."""

from dataclasses import dataclass

from service.terminal_language import in_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language; braces name the values filled in."""

    language: str
    headings: tuple[str, str, str, str, str]
    delivered: str
    own: str
    draft: str
    no_fault: str
    faults: str
    came: str
    gone: str
    changed: str
    appeals: str
    rules: str
    orders: str
    citizens: str
    paused: str
    terms: str
    indices: str
    nothing: str
    ask: str
    not_put: str
    put: str
    draft_waits: str
    dropped: str
    no_draft: str
    unreadable: str


UKRAINIAN = Words(
    language="uk",
    headings=("документ", "назва", "діє версія", "від", "чернетка"),
    delivered="з програмою",
    own="власна",
    draft="є",
    no_fault="Помилок немає.",
    faults="Помилок: {count}. Документ не внесено.",
    came="з’явиться: {names}",
    gone="зникне: {names}",
    changed="зміниться: {names}",
    appeals="незавершених звернень у категоріях, що зникнуть: {count}",
    rules="правил розподілу, що називають такі категорії: {count}",
    orders="доручень на інформування, що називають такі категорії: {count}",
    citizens="заявників із категоріями, що зникнуть: {count}",
    paused="диспетчерів на перерві з причиною, що зникне: {count}",
    terms="звернень з іншим терміном: {count}",
    indices="наступний індекс ({kind}): {before} → {after}",
    nothing="Нічого не зміниться.",
    ask="Ввести в дію? (так/ні) ",
    not_put="Документ не введено в дію.",
    put="Діє: {kind}, версія {version}. Служба застосує її за секунду-дві.",
    draft_waits="Документ {kind} має чернетку ({note}): введіть її в дію або приберіть на сторінці "
    "даних міста чи командою `hotline city-data drop {kind}`.",
    dropped="Чернетку прибрано.",
    no_draft="Чернетки немає.",
    unreadable="Файл {file} не читається: {why}.",
)
ENGLISH = Words(
    language="en",
    headings=("document", "name", "in force", "from", "draft"),
    delivered="delivered",
    own="own",
    draft="waits",
    no_fault="No faults.",
    faults="Faults: {count}. The document was not taken.",
    came="comes: {names}",
    gone="goes: {names}",
    changed="changes: {names}",
    appeals="open appeals in categories that go: {count}",
    rules="routing rules that name such categories: {count}",
    orders="informing orders that name such categories: {count}",
    citizens="citizens with categories that go: {count}",
    paused="dispatchers on a pause that goes: {count}",
    terms="appeals with another term: {count}",
    indices="the next index ({kind}): {before} → {after}",
    nothing="Nothing changes.",
    ask="Put it into force? (yes/no) ",
    not_put="The document was not put into force.",
    put="In force: {kind}, version {version}. The service goes by it within a second or two.",
    draft_waits="A draft of the document {kind} waits ({note}): put it into force or drop it on the page of "
    "the city's data, or by `hotline city-data drop {kind}`.",
    dropped="The draft was dropped.",
    no_draft="There is no draft.",
    unreadable="{file} cannot be read: {why}.",
)


def words_for(locale: str) -> Words:
    return in_locale(locale, ukrainian=UKRAINIAN, english=ENGLISH)
