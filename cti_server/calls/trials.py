"""Trial calls of training in words: the scenario, what should have been entered in it, and what was."""

from collections.abc import Callable, Mapping, Sequence

from attrs import frozen

from cti_server.frame.language import N_
from hotline.city.classifier import classifier
from hotline.city_data import tables
from hotline.quality.trial_calls import Entered, Scenario, TrialCall, scenarios

_CONSULTATION = N_("a consultation")
_DIFFERENCES: Mapping[str, str] = {
    "kind": N_("appeal or consultation"),
    "category": N_("the category"),
    "urgency": N_("the urgency"),
    "address": N_("the address"),
}
_URGENCIES: Mapping[str, str] = {one.value: one.en for one in tables.URGENCIES}


@frozen(kw_only=True)
class ShownTrial:
    """A trial call as pages show it: its scenario, the entry expected (`wanted`) and the dispatcher's.

    Entries read `category · urgency · address`; a consultation is called so.
    """

    trial: TrialCall
    name: str
    mind: str
    """The scenario's hints for the assessor."""
    wanted: str
    entered: str
    """Empty while nothing is entered."""
    text: str
    differs: Sequence[str]
    """Names of the fields in which the dispatcher's entry is not the expected one."""


def shown_trial(trial: TrialCall, language: str, gettext: Callable[[str], str]) -> ShownTrial:
    scenario, entered = scenarios().get(trial.scenario), trial.entered
    return ShownTrial(
        trial=trial,
        name=scenario.name(language) if scenario else trial.scenario,
        mind=scenario.mind(language) if scenario else "",
        wanted=_said(scenario, language, gettext) if scenario else "",
        entered=_said(entered, language, gettext) if entered else "",
        text=entered.text if entered else "",
        differs=[gettext(_DIFFERENCES[one]) for one in trial.differences()],
    )


def _said(one: Scenario | Entered, language: str, gettext: Callable[[str], str]) -> str:
    if not one.category:
        return gettext(_CONSULTATION)
    known = classifier().categories.get(one.category)
    named = known.name(language) if known else one.category
    return " · ".join(filter(None, [named, gettext(_URGENCIES[one.urgency]), one.address]))
