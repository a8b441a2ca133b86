"""The demo city's troubles, as people tell them: fictional, in every state that an appeal can have."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.appeals.acts.routing import RejectionGround
from hotline.appeals.appeal import AppealKind, Receipt, ResultKind, Sign, Subject
from service.demo import acts as go
from service.demo.executors import HOUSING

DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One appeal: `road` lists its acts, each with its hours since the registration."""

    name: str
    """By which later ones refer to it (`earlier`); `linked`: they go along with its work."""
    hours_ago: float
    category: str
    text: str
    citizen: str = ""
    """By name; empty: nobody named themselves."""
    number: str | None = None
    address: str = ""
    """Empty: the citizen's own."""
    kind: AppealKind = AppealKind.APPLICATION
    sign: Sign = Sign.FIRST
    earlier: str = ""
    linked: bool = False
    subject: Subject = Subject.INDIVIDUAL
    receipt: Receipt = Receipt.PHONE
    road: Sequence[tuple[float, go.Step]] = ()


_MARIIA, _IVAN, _HANNA = "Марія Демченко", "Іван Демченко", "Ганна Зразкова"
_PETRO, _SOFIIA, _BOHDAN, _LIDIIA = "Петро Приклад", "Софія Умовна", "Богдан Вигаданий", "Лідія Показова"

STORIES: Sequence[Story] = (
    Story(
        name="lamp",
        hours_ago=30,
        category="street-light",
        citizen=_MARIIA,
        number="+380457900001",
        text="Не світить ліхтар біля під’їзду, увечері нічого не видно. Поряд сходи.",
        road=((1, go.accept), (5, go.begin), (20, go.note("Лампу замовлено, привезуть завтра зранку."))),
    ),
    Story(
        name="noise",
        hours_ago=2,
        category="noise",
        citizen=_HANNA,
        number="+380457900003",
        text="У сусідньому під’їзді щоночі гучна музика до третьої години.",
    ),
    Story(
        name="bill",
        hours_ago=5,
        category="heat-bill",
        kind=AppealKind.COMPLAINT,
        citizen=_PETRO,
        number="+380457900004",
        text="Тепломережі двічі не відповіли на заяву про перерахунок за опалення за січень.",
    ),
    Story(
        name="playground",
        hours_ago=3,
        category="playground",
        citizen=_SOFIIA,
        number="+380457900005",
        address="Вільнюський квартал, 5",
        text="На дитячому майданчику зламана гойдалка, стирчить арматура.",
    ),
    Story(
        name="roof",
        hours_ago=20,
        category="roof-leak",
        citizen=_LIDIIA,
        number="+380457900007",
        text="Після дощу тече стеля на останньому поверсі, вода вже на підлозі в коридорі.",
        road=((2, go.accept),),
    ),
    Story(
        name="entrance",
        hours_ago=19 * DAY,
        category="entrance",
        citizen=_BOHDAN,
        number="+380457900006",
        text="Зламані вхідні двері під’їзду, не зачиняються, взимку холодно на всіх поверхах.",
        road=(
            (3, go.accept),
            (2 * DAY, go.begin),
            (10 * DAY, go.control("Мешканці звертаються втретє")),
        ),
    ),
    Story(
        name="porch",
        hours_ago=12 * DAY,
        category="repairs",
        citizen=_HANNA,
        number="+380457900003",
        subject=Subject.COLLECTIVE,
        receipt=Receipt.POST,
        text="Колективна заява 14 мешканців: просимо полагодити ганок і перила біля входу, слизько й хитко.",
        road=(
            (4, go.accept),
            (DAY, go.begin),
            (9 * DAY, go.ask_days(10, "Потрібен зварник, він вільний лише з наступного тижня")),
        ),
    ),
    Story(
        name="tree",
        hours_ago=11 * DAY,
        category="tree-prune",
        citizen=_SOFIIA,
        number="+380457900005",
        text="Гілки тополі торкаються проводів і вікон четвертого поверху.",
        road=(
            (5, go.accept),
            (DAY, go.begin),
            (8 * DAY, go.ask_days(14, "Обрізка дозволена лише після обстеження комісією")),
            (9 * DAY, go.extend),
        ),
    ),
    Story(
        name="hot-water",
        hours_ago=9,
        category="hot-water-none",
        citizen=_MARIIA,
        number="+380457900001",
        text="Зранку немає гарячої води в усьому під’їзді, оголошення не було.",
        road=((0.5, go.accept), (1, go.begin)),
    ),
    Story(
        name="hot-water-too",
        hours_ago=7,
        category="hot-water-none",
        citizen=_IVAN,
        number="+380457900002",
        earlier="hot-water",
        linked=True,
        text="Немає гарячої води, чекаємо з ранку. У квартирі мала дитина.",
    ),
    Story(
        name="rubbish",
        hours_ago=3 * DAY,
        category="rubbish",
        citizen=_LIDIIA,
        number="+380457900007",
        text="Третій день не вивозять сміття, контейнери переповнені, сміття розносить вітер.",
        road=(
            (2, go.accept),
            (4, go.begin),
            (2 * DAY, go.done("Сміття вивезено, майданчик прибрано. Графік вивезення відновлено.")),
        ),
    ),
    Story(
        name="lift",
        hours_ago=2 * DAY,
        category="lift-broken",
        citizen=_PETRO,
        number="+380457900004",
        text="Ліфт зупиняється між поверхами, двері відчиняються не повністю.",
        road=(
            (1, go.accept),
            (3, go.begin),
            (30, go.done("Замінено контактори дверей, ліфт перевірено й запущено.")),
            (31, go.check),
            (33, go.nobody_answers),
            (40, go.nobody_answers),
        ),
    ),
    Story(
        name="leak",
        hours_ago=6 * DAY,
        category="water-leak",
        kind=AppealKind.REPORT,
        number="+380457900008",
        address="Талліннський квартал, 4",
        text="З-під асфальту б’є вода, заливає тротуар і вхід до підвалу.",
        road=(
            (0.1, go.accept),
            (0.3, go.begin),
            (3.5, go.done("Пошкоджену ділянку труби замінено, воду подано о 18:40.")),
            (5, go.check),
            (7, go.confirm(5, "Дякую, приїхали швидко")),
        ),
    ),
    Story(
        name="heat",
        hours_ago=15 * DAY,
        category="heat-none",
        citizen=_BOHDAN,
        number="+380457900006",
        text="Батареї холодні другу добу, у квартирі +14.",
        road=(
            (1, go.accept),
            (2, go.begin),
            (18, go.done("Усунено завоздушення стояка, опалення відновлено.")),
            (20, go.check),
            (26, go.confirm(4, "")),
        ),
    ),
    Story(
        name="heat-again",
        hours_ago=28,
        category="heat-none",
        citizen=_BOHDAN,
        number="+380457900006",
        earlier="heat",
        sign=Sign.REPEATED,
        text="Знову холодні батареї, два тижні тому вже ремонтували.",
        road=(
            (0.5, go.accept),
            (1, go.begin),
            (9, go.done("Стояк промито, тиск у нормі.")),
            (10, go.check),
            (12, go.dispute("Гріє тільки кухня, у кімнатах холодно")),
        ),
    ),
    Story(
        name="pit",
        hours_ago=25 * DAY,
        category="road-hole",
        citizen=_SOFIIA,
        number="+380457900005",
        address="вулиця Атомників, 2",
        text="Глибока яма на проїзній частині біля зупинки, машини об’їжджають зустрічною смугою.",
        road=(
            (6, go.accept),
            (2 * DAY, go.begin),
            (12 * DAY, go.done("Яму засипано й заасфальтовано.")),
            (13 * DAY, go.check),
            (13 * DAY + 4, go.nobody_answers),
            (14 * DAY, go.nobody_answers),
            (15 * DAY, go.nobody_answers),
            (16 * DAY, go.close("Тричі не відповіла на дзвінок; на фото виконавця яму закрито")),
        ),
    ),
    Story(
        name="pension",
        hours_ago=8 * DAY,
        category="other",
        citizen=_LIDIIA,
        number="+380457900007",
        text="Прошу розібратися із затримкою перерахунку пенсії.",
        road=(
            (
                2 * DAY,
                go.forward(
                    "Пенсійний фонд України",
                    "Призначення й перерахунок пенсій належить до повноважень Пенсійного фонду",
                ),
            ),
        ),
    ),
    Story(
        name="repairs",
        hours_ago=40 * DAY,
        category="repairs",
        citizen=_PETRO,
        number="+380457900004",
        text="Коли буде капітальний ремонт будинку?",
        road=(
            (5, go.accept),
            (DAY, go.begin),
            (
                6 * DAY,
                go.done(
                    "Будинок внесено до програми капітального ремонту на наступний рік, пункт 12.",
                    ResultKind.EXPLAINED,
                ),
            ),
            (7 * DAY, go.check),
            (7 * DAY + 3, go.confirm(3, "Зрозуміло")),
        ),
    ),
    Story(
        name="repairs-again",
        hours_ago=10 * DAY,
        category="repairs",
        citizen=_PETRO,
        number="+380457900004",
        earlier="repairs",
        sign=Sign.REPEATED,
        text="Прошу ще раз повідомити, коли буде капітальний ремонт будинку.",
        road=(
            (
                DAY,
                go.reject(
                    RejectionGround.RESOLVED_BEFORE,
                    "На це питання по суті відповіли місяць тому, обставини не змінилися (ст. 8 закону)",
                ),
            ),
        ),
    ),
    Story(
        name="dogs",
        hours_ago=4 * DAY,
        category="animals",
        citizen=_HANNA,
        number="+380457900003",
        text="Зграя собак біля школи, діти бояться йти.",
        road=((5, go.withdraw("Собак уже забрали волонтери")),),
    ),
    Story(
        name="dump",
        hours_ago=26,
        category="dump",
        citizen=_IVAN,
        number="+380457900002",
        address="Ризький квартал, 9",
        text="За гаражами звалище будівельного сміття.",
        road=(
            (2, go.hand_back("Ділянка за гаражами на балансі УЖКГ")),
            (3, go.assign(HOUSING, "Ділянка на балансі УЖКГ")),
            (6, go.accept),
        ),
    ),
    Story(
        name="ice",
        hours_ago=1,
        category="road-ice",
        kind=AppealKind.REPORT,
        number="+380457900009",
        address="проспект Незалежності, 12",
        text="Слизький тротуар біля аптеки, щойно впала жінка.",
        road=((0.4, go.accept),),
    ),
)
