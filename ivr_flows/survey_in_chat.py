"""The completion survey in the chat in which the applicant reported it, begun by the hotline."""

from collections.abc import Mapping

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.errors import CallGone
from hotline.surveys.in_writing import AnsweredAlready
from hotline.voice.speech import Phrase
from ivr_flows import asked_in_chat_phrases as said
from ivr_flows.completion_survey import SurveyEnd, completion_survey
from ivr_flows.ports import FlowPorts
from ivr_flows.report_in_chat import WritesCall

CODE_DIGITS = 4
TRIES = 3
LEADS: Mapping[SurveyEnd, Next] = {
    SurveyEnd.DISPATCHER: Next.DISPATCHER,
    SurveyEnd.EMERGENCY: Next.EMERGENCY,
}


async def survey_in_chat(call: WritesCall, city: FlowPorts, survey_id: str) -> Next:
    """Ask; their word is carried out at the end, or as they go. One that came in another way stands."""
    asked = None if city.surveys is None else await city.surveys.of(survey_id)
    if asked is None:
        return Next.MENU
    await call.note(Step.APPEAL_ASKED, appeal=asked.appeal, theirs=True)
    await call.play(*said.begins(asked.about, called=asked.called))
    try:
        if asked.code and not await _shows(call, asked.code):
            return Next.GOODBYE
        end = await completion_survey(
            call,
            asked.form,
            asked.about,
            asked.sink,
            appeal=asked.appeal,
            may_record=True,
            understanding=city.understanding,
            known=True,
        )
    except AnsweredAlready:
        await call.play(said.ANSWERED_ALREADY)
        return Next.GOODBYE
    except CallGone:  # what they have said counts
        await asked.settle()
        raise
    await asked.settle()
    return LEADS.get(end, Next.GOODBYE)


async def _shows(call: WritesCall, code: str) -> bool:
    """Have the code of our message sent back: a sender's number may be forged, and reads nothing."""
    before: tuple[Phrase, ...] = ()
    for _ in range(TRIES):
        if await call.digits(*before, said.code(code), most=CODE_DIGITS) == code:
            return True
        before = (said.WRONG_CODE,)
    return False
