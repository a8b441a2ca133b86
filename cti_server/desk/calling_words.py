"""The words for calls that the hotline places, to be translated by the catalogue."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.calls.call import Outcome
from hotline.dialling.calling_out import NumberRefusal, Phase, ThirdPhase

PHASES: Mapping[Phase, str] = {
    Phase.DESK: N_("Your telephone rings: pick it up"),
    Phase.DIALLING: N_("Dialling…"),
    Phase.RINGING: N_("It rings there"),
    Phase.NOTICE: N_("Answered: they are told that the talk is recorded"),
    Phase.TALKING: N_("You are talking"),
    Phase.OVER: N_("The call is over"),
}
OUTCOMES: Mapping[Outcome, str] = {
    **dict.fromkeys(Outcome, N_("The call is over")),
    Outcome.BUSY: N_("The line is busy"),
    Outcome.NO_ANSWER: N_("Nobody answers"),
    Outcome.REFUSED: N_("The call was declined"),
    Outcome.NOT_IN_USE: N_("This number is not in use"),
    Outcome.FAILED: N_("No connection could be made. Try again in a minute."),
    Outcome.GIVEN_UP: N_("The call was given up"),
    Outcome.LOST: N_("The connection was lost"),
}
REFUSALS: Mapping[NumberRefusal, str] = {
    NumberRefusal.MALFORMED: N_(
        "This is no telephone number: give it whole, with the code, such as 067 123 45 67."
    ),
    NumberRefusal.PREMIUM: N_("This number costs whoever calls it extra: it is not called from here."),
    NumberRefusal.OURS: N_("This is the hotline's own number: give another."),
    NumberRefusal.NOT_ALLOWED: N_(
        "Only numbers in Ukraine are called from here. Ask the head if another is needed."
    ),
    NumberRefusal.INTERPRETER: N_("This is an interpreter's number: it is called by a person alone."),
}
THIRD: Mapping[ThirdPhase, str] = {
    ThirdPhase.RINGING: N_("It rings there; the applicant hears music"),
    ThirdPhase.ALONE: N_("You speak with them alone; the applicant hears music"),
    ThirdPhase.TOGETHER: N_("All three are talking"),
}
TOO_MANY = N_("You have placed many calls in a short time. Wait a few minutes.")
ENGAGED = N_("This cannot be done now: you are away, or engaged with another call.")
BEING_CALLED = N_("The hotline itself is calling this number right now. Call when that call is over.")
TRIAL = N_("The demo citizen")
IN_TRIAL = N_("This is a trial call: nobody outside is called in it. End it first.")
CALLED_ALREADY = N_("%(name)s is calling this number since %(time)s.")
EXCHANGE_AWAY = N_("The telephone exchange does not answer. Try again in a few seconds.")
