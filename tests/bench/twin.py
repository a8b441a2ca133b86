"""The same conversation in the dialplan alone: the cost of a call that Asterisk serves alone."""

from hotline.voice.speech import Language, Phrase
from ivr_flows import outage_phrases, prompts
from telephony.voice.synthesis import RHVoice

NUMBER = "1581"
HEARD = "bench-twin-again"
"""The context in which a call ends that was answered and whose both keys were heard."""

_DIALPLAN = """\
[from-citizens](+)
exten => {number},1,Goto(bench-twin-greeting,s,1)

[bench-twin-greeting]
exten => s,1,Answer()
 same => n,Background({greeting})
 same => n,WaitExten(6)
 same => n,Hangup()
exten => 1,1,Goto(bench-twin-outages,s,1)

[bench-twin-outages]
exten => s,1,Background({outages})
 same => n,Background({menu})
 same => n,WaitExten(6)
 same => n,Hangup()
exten => 1,1,Goto({heard},s,1)

[{heard}]
exten => s,1,Background({outages})
 same => n,Background({menu})
 same => n,WaitExten(6)
 same => n,Hangup()
"""


async def twin_dialplan(voice: RHVoice) -> str:
    """Give the extension that talks with the citizens of `scenarios/outages.xml` as the service does."""

    async def files(*phrases: Phrase) -> str:
        media = [await voice.media(phrase, Language.UKRAINIAN) for phrase in phrases]
        return "&".join(uri.removeprefix("sound:") for uri in media)

    greeting = await files(*prompts.GREETING)
    return _DIALPLAN.format(
        number=NUMBER,
        heard=HEARD,
        greeting=greeting,
        outages=await files(outage_phrases.NO_OUTAGES),
        menu=await files(prompts.ENGLISH_ON_NINE, prompts.MENU),
    )
