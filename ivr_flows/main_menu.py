"""The main menu: a breakdown first of all, outages, the state of an appeal, a message, a dispatcher."""

from hotline.conversation import Call, Next
from hotline.speech import Language, Phrase
from ivr_flows import prompts

MISTAKES_BORNE = 3
KEYS = "012349*"


async def main_menu(call: Call) -> Next:  # noqa: PLR0911 - one return a key
    """Ask what the caller wants. Whoever keeps pressing wrong keys, or nothing, gets a person."""
    before: tuple[Phrase, ...] = ()
    mistakes = 0
    while mistakes < MISTAKES_BORNE:
        match await call.choose(*before, prompts.MENU, keys=KEYS):
            case "1":
                return Next.OUTAGES
            case "2":
                return Next.APPEAL_STATE
            case "3":
                return Next.MESSAGE
            case "4":
                return Next.EMERGENCY
            case "0":
                return Next.DISPATCHER
            case "9":
                await call.speak(
                    Language.ENGLISH if call.language is Language.UKRAINIAN else Language.UKRAINIAN
                )
                before = (prompts.LANGUAGE_CHOSEN,)
            case "*":
                await call.refuse_recording()
                before = (prompts.RECORDING_REFUSED_OK,)
            case None:
                await call.play(prompts.NOTHING_PRESSED)
                return Next.DISPATCHER
            case _:
                mistakes += 1
                before = (prompts.WRONG_KEY,)
    return Next.DISPATCHER
