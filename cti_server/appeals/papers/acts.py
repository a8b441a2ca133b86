"""Acts on an appeal, in the words of its registration card, which is kept in Ukrainian."""

from collections.abc import Iterable, Mapping

from cti_server.appeals.papers.registration_card import CardEntry
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.handling import REGISTERED, Entry

ACTS: Mapping[str, str] = {
    REGISTERED: "Зареєстровано",
    "assign": "Передано виконавцеві",
    "hand-back": "Виконавець повернув",
    "release": "Виконавець більше не приймає звернень",
    "forward": "Надіслано за належністю",
    "reject": "Залишено без розгляду",
    "accept": "Виконавець прийняв",
    "pass-inside": "Передано всередині підприємства",
    "begin-work": "Розпочато роботу",
    "report-done": "Виконавець відзвітував про виконання",
    "take-back": "Виконавець відкликав звіт про виконання",
    "refuse-done": "Звіт про виконання повернуто: не виконано",
    "came-back": "Інша установа повернула звернення",
    "answered-elsewhere": "Інша установа дала відповідь",
    "reopen": "Поновлено розгляд",
    "follow": "Змінено разом із пов’язаним зверненням",
    "ask-back": "Виконавець запитав Контакт-центр",
    "answer-back": "Контакт-центр відповів виконавцеві",
    "begin-check": "Розпочато перевірку виконання",
    "attempt-in-vain": "Заявника не застали",
    "wrong-code": "Під час дзвінка набрано неправильний код",
    "review-closing": "Закриття перевірено начальником",
    "confirm": "Заявник підтвердив виконання",
    "dispute": "Заявник не погодився, що виконано",
    "take-no-back": "Заявник відкликав незгоду: виконано",
    "withdraw": "Заявник відкликав",
    "close-unconfirmed": "Закрито без підтвердження заявника",
    "ask-extension": "Виконавець просить продовжити термін",
    "extend": "Термін продовжено",
    "refuse-extension": "У продовженні терміну відмовлено",
    "note": "Примітка",
    "draw-in": "Запитано згоду керівника на залучення спеціаліста",
    "amend": "Уточнено зміст",
    "link": "Пов’язано з іншим зверненням",
    "unlink": "Зв’язок з іншим зверненням знято",
    "mark-mass": "Про те саме повідомляють багато людей: ознака «масове»",
    "control": "Контроль",
    "recount": "Термін перераховано за зміненим переліком святкових днів",
}
"""Acts that are not here, such as reminders, are not printed."""
DRAWN_IN: Mapping[str, str] = {
    "agree": "Спеціаліста залучено за згодою керівника",
    "refuse": "Керівник відмовив у залученні спеціаліста",
    "report": "Висновок спеціаліста",
    "end": "Участь спеціаліста завершено",
}
"""A step of "draw-in" after the question → its words."""
IN_VAIN: Mapping[str, str] = {
    "no-answer": "Не відповідають",
    "busy": "Зайнято",
    "unreachable": "Телефон вимкнено або поза зоною",
    "later": "Просить зателефонувати пізніше",
    "wrong-person": "Відповідає інша людина, яка не знає",
    "hung-up": "Поклали слухавку, не відповівши",
    "silent": "Відповіли, але нічого не натиснули",
    "refused": "Відхилили дзвінок",
    "not-in-use": "Номер не обслуговується",
    "failed": "Немає зв’язку",
    "not-called": "На цей номер не телефонуємо",
    "interrupted": "Зв’язок перервався",
    "unwanted": "Не бажає автоматичних дзвінків",
}
PARTS: Mapping[ActorRole, str] = {
    ActorRole.APPLICANT: "заявник",
    ActorRole.DISPATCHER: "диспетчер",
    ActorRole.HEAD: "начальник",
    ActorRole.EXECUTOR: "виконавець",
    ActorRole.SERVICE: "автоматично",
}
_ASSIGN = "assign"


def card_entries(
    history: Iterable[Entry], users: Mapping[int, str], executors: Mapping[int, str]
) -> list[CardEntry]:
    """Give the lines of the card; `users` and `executors` are names by ids."""
    return [
        CardEntry(at=one.at, what=_what(one, executors), who=_who(one, users, executors))
        for one in history
        if one.act in ACTS
    ]


def resolution(history: Iterable[Entry], users: Mapping[int, str]) -> str:
    """Give who last gave it to an executor and with which words; empty when nobody did, or a rule."""
    given = [one for one in history if one.act == _ASSIGN and one.part is not ActorRole.SERVICE]
    if not given:
        return ""
    last = given[-1]
    by = users.get(last.user_id or 0, "")
    return " — ".join(filter(None, (last.said, by)))


def _what(one: Entry, executors: Mapping[int, str]) -> str:
    said = DRAWN_IN.get(str(one.facts.get("step")), ACTS[one.act])
    given = executors.get(int(one.facts.get("executor_id") or 0), "")
    if one.act == _ASSIGN and given:
        said = f"{said}: {given}"
    return f"{said}. {IN_VAIN.get(one.said, one.said)}" if one.said else said


def _who(one: Entry, users: Mapping[int, str], executors: Mapping[int, str]) -> str:
    if one.part is ActorRole.EXECUTOR:
        return executors.get(one.executor_id or 0, PARTS[one.part])
    if one.part is ActorRole.APPLICANT or one.user_id is None:
        return PARTS[one.part]
    return users.get(one.user_id, PARTS[one.part])
