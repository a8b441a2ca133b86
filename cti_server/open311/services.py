"""Services are the categories of the classifier in force; their attributes are the questions of each."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from cti_server.api.language import asked_language
from cti_server.auth.access import open_to_all
from cti_server.frame.language import N_, words
from cti_server.open311.asking import count_in
from cti_server.open311.faults import NotKnown
from cti_server.open311.formats import Value, answer
from hotline.city.classifier import Category, Classifier, classifier
from hotline.city.questions import YES_NO_WORDS, Asks, Question

_DATATYPES: Mapping[Asks, str] = {
    Asks.TEXT: "text",
    Asks.CHOICE: "singlevaluelist",
    Asks.NUMBER: "number",
    Asks.YES_NO: "singlevaluelist",
    Asks.MOMENT: "datetime",
}
_HINTS: Mapping[Asks, str] = {
    Asks.NUMBER: N_("digits, with a point before a fraction"),
    Asks.MOMENT: N_("a day or a moment of ISO 8601"),
}


@open_to_all
async def services(request: web.Request) -> web.Response:
    """Give the list of services."""
    count_in(request)
    language, present = asked_language(request), classifier()
    return answer(request, "services", [_service(one, present, language) for one in offered(present)])


@open_to_all
async def definition(request: web.Request) -> web.Response:
    """Give the attributes of one service; raises NotKnown."""
    count_in(request)
    present = classifier()
    one = service_of(request.match_info["code"])
    asked = [
        _attribute(question, number, asked_language(request))
        for number, question in enumerate(present.questions_of(one.code), start=1)
    ]
    return answer(request, "service_definition", {"service_code": one.code, "attributes": asked})


def offered(present: Classifier) -> Sequence[Category]:
    """List what can be reported here: all but requests for public information, which are no reports."""
    return [one for code, one in present.categories.items() if code != present.information_request]


def service_of(code: str) -> Category:
    """Find a service by its code; raises NotKnown."""
    for one in offered(classifier()):
        if one.code == code:
            return one
    raise NotKnown(N_("service_code %(code)s is not known here: GET services lists all."), code=code[:100])


def _service(one: Category, present: Classifier, language: str) -> Value:
    section = present.section_of(one.code)
    return {
        "service_code": one.code,
        "service_name": one.name(language),
        "description": one.name(language),
        "metadata": bool(present.questions_of(one.code)),
        "type": "realtime",
        "keywords": ", ".join(one.words.split()),
        "group": section.name(language) if section else "",
    }


def _attribute(one: Question, number: int, language: str) -> Value:
    return {
        "variable": True,
        "code": one.code,
        "datatype": _DATATYPES[one.asks],
        "required": one.needed,
        "datatype_description": words(language).gettext(_HINTS[one.asks]) if one.asks in _HINTS else "",
        "order": number,
        "description": one.name(language),
        "values": _values(one, language),
    }


def _values(one: Question, language: str) -> Sequence[Value]:
    if one.asks is Asks.YES_NO:
        return [{"key": key, "name": said[language]} for key, said in YES_NO_WORDS.items()]
    return [{"key": option.uk, "name": option.name(language)} for option in one.options]
