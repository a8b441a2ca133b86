"""Promises of a dispatcher, in their own words: «передам …», «вам передзвонять», «протягом трьох днів»."""

import re

from hotline.speech.said import Said

MOST_WORDS = 14
_BEFORE = (
    r"(?:я |ми |вам |вас |вони |до вас |обовязково |зараз |одразу |вже |we will |i will |well |ill "
    r"|they will |theyll )*"
)
_ACTS = (
    *(r"перед[аи]м\w*", r"передаю", r"зареєстру\w+", r"зафіксу\w+", r"запишу", r"оформлю", r"направ\w+"),
    *(r"відправ\w+", r"надішл\w+", r"передзвон\w+", r"зателефону\w+", r"подзвон\w+", r"перезвон\w+"),
    *(r"повідом\w+", r"звяжуться", r"звяжемося", r"приїд\w+", r"приїжджа\w+", r"виїд\w+", r"прийд\w+"),
    *(r"зроб\w+", r"полагод\w+", r"відновл\w+", r"усун\w+", r"виріш\w+", r"розглян\w+", r"перевір\w+"),
    *(r"дадуть", r"увімкн\w+", r"pass (?:it|this|that|your)", r"register (?:it|this|your)"),
    *(r"call (?:you )?back", r"come (?:to you|today|tomorrow)"),
)
_TERMS = ("протягом", "впродовж", "на протязі", "не пізніше", "within")
_TERM = rf"(?:{'|'.join(_TERMS)}) .+"
_PROMISE = re.compile(rf"(?<!\S)(?:{_BEFORE}(?:{'|'.join(_ACTS)})(?!\S)|{_TERM})")
_ASKED = re.compile(
    r"(?<!\S)(?:чи|коли|хто|чому|ви|вам (?:вже )?(?:передзвонювали|телефонували)|did|have you)(?!\S)"
)
_WILL_BE = re.compile(r"(?:мо|м|мось|мося|у|ю|[аяую]ть?|ить|[аяую]ться|иться|де|еться)$")
"""How a verb ends that tells what will be done: «зробили» promises nothing, «передзвоніть» asks."""


def promise_in(said: Said) -> tuple[int, int] | None:
    """Give the words of the promise, from one to before the other; None where nothing is promised."""
    text = " ".join(word.text for word in said)
    for found in _PROMISE.finditer(text):
        acted = re.sub(rf"^{_BEFORE}", "", found[0]).split()[0]
        told = acted.isascii() or found[0].startswith(_TERMS) or _WILL_BE.search(acted)
        if not told or _ASKED.search(text[: found.end()]):
            continue
        begins = text[: found.start()].count(" ")
        return begins, min(len(said), begins + MOST_WORDS)
    return None
