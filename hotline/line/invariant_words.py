"""The sentences of the invariants in Ukrainian, as `hotline doctor` and the pages say them."""

from collections.abc import Mapping

from hotline.line.invariants import Truth

SENTENCES_UK: Mapping[Truth, str] = {
    Truth.ONE_ENTRY: "у диспетчера не більше одного заявника, якого пропонують або з яким розмовляють",
    Truth.ENTRY_ENGAGES: "диспетчер, у якого є заявник, показаний як зайнятий",
    Truth.ENGAGED_WITH_SOMEBODY: "зайнятий диспетчер має заявника або когось на телефоні",
    Truth.PHONE_ENGAGES: "хто розмовляє телефоном, той зайнятий",
    Truth.OFFER_RINGS: "коли заявника пропонують диспетчерові, там дзвонить телефон",
    Truth.TALK_HAS_PHONE: "у розмові бере участь телефон диспетчера",
    Truth.TALK_IS_HEARD: "диспетчер у розмові з кимось з’єднаний",
    Truth.CALLER_IS_HERE: "хто стоїть у черзі, той на лінії або чекає на обіцяний дзвінок",
    Truth.BRIDGE_HOLDS_SOMEBODY: "жодне з’єднання не лишилося порожнім",
    Truth.CHANNEL_IS_FOLLOWED: "жоден канал не лишився без нагляду",
    Truth.CALL_ENDS: "дзвінок, завершений в Asterisk, завершений і в журналі",
    Truth.TALK_ENDS: "розмова, що в журналі триває, має своє місце в черзі",
    Truth.TALK_IS_RECORDED: "розмову записують, якщо заявник не відмовився",
    Truth.ONE_ATTEMPT: "на один номер водночас дзвонять не більше одного разу",
    Truth.LISTENER_HAS_TALK: "керівник, який слухає розмову, слухає ту, що триває",
}
