"""Corrections of a registered appeal: only fields that differ from the appeal are sent."""

from collections.abc import Mapping, Sequence

from cti_server.appeals.acts.inputs import AmendInput
from cti_server.appeals.acts.reading import Sent, first
from cti_server.appeals.form.reply import Reply, of_interpreters
from hotline.appeals.acts.keeping import REPLY, ToldBy
from hotline.appeals.appeal import Appeal
from hotline.calls.interpreters import Interpreters
from hotline.city.addresses import Streets
from hotline.foreign_text import tidied


async def changed(sent: Sent, appeal: Appeal, streets: Streets) -> Sent:
    """Leave out what is so already; the address is written as streets are called now."""
    if address := tidied(first(sent, "address")):
        sent = {**sent, "address": [await streets.present(address), *sent["address"][1:]]}
    differs = {name: texts for name, texts in sent.items() if [*map(tidied, texts)] != [_held(appeal, name)]}
    if REPLY & differs.keys():  # one says nothing without the other
        differs |= {name: sent[name] for name in REPLY & sent.keys()}
    return differs


def reply_faults(
    said: AmendInput, appeal: Appeal, prefixes: Sequence[str], interpreters: Interpreters
) -> Mapping[str, str]:
    """Tell what is wrong with how the applicant is to be told; short messages go to these prefixes."""
    if said.reply_by is None:
        return {}
    faults = Reply(said.reply_by, said.reply_to or "", appeal.applicant_number, prefixes).faults()
    return faults | of_interpreters("reply_to", said.reply_to, interpreters)


def _held(appeal: Appeal, name: str) -> str | None:
    """Give what the field holds before anybody types; None for one that holds nothing of the appeal's."""
    if name == "reply_by":
        return ToldBy.of(appeal).value
    return None if name == "version" else tidied(str(getattr(appeal, name, None) or ""))
