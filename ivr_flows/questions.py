"""Frequent questions: articles that the city has chosen, by a key or in a caller's own words, read aloud."""

from collections.abc import Mapping, Sequence

from hotline.calls.call import Step
from hotline.calls.conversation import Call, Next
from hotline.knowledge.articles import Article
from hotline.knowledge.spoken import asked_aloud, spoken
from hotline.speech.hearing import Heard
from hotline.speech.topics import Topic
from hotline.voice.speech import Phrase
from ivr_flows import prompts, question_phrases
from ivr_flows.optional import if_it_can
from ivr_flows.ports import FlowPorts
from ivr_flows.spoken import DISPATCHER, ask, not_understood

MISTAKES_BORNE = 3
BACK = "*"


async def offered(call: Call, city: FlowPorts) -> Sequence[Article]:
    """List the articles that this caller can be told; none where nothing is chosen, or it cannot be read."""
    every = await if_it_can(city.articles.all(), (), "articles not looked up")
    return spoken(every, city.clock.now().astimezone(city.timezone).date(), call.language)


async def questions(call: Call, city: FlowPorts) -> Next:
    """Offer the questions, tell the answer to the chosen one, and offer them again; silence ends it.

    A caller who is silent before any answer, or keeps pressing wrong keys, gets a dispatcher.
    """
    articles = await offered(call, city)
    if not articles:
        return Next.MENU
    by_key = {str(key): one for key, one in enumerate(articles, 1)}
    answers = [question_phrases.answer(one) for one in articles]
    city.read_ahead(lambda: _ready(answers), call.language)
    before: tuple[Phrase, ...] = ()
    told, mistakes, misheard = False, 0, 0
    while mistakes < MISTAKES_BORNE:
        given = await ask(
            call,
            *before,
            *(question_phrases.choice(one, key) for key, one in by_key.items()),
            question_phrases.KEYS,
            keys="".join(by_key) + DISPATCHER + BACK,
            misheard=misheard,
        )
        match given:
            case None:
                return Next.GOODBYE if told else Next.DISPATCHER
            case Heard() as heard:
                going = await _meant(city, heard, by_key)
                if isinstance(going, Next):
                    return going
                if going is None:
                    misheard += 1
                    before = not_understood(misheard)
                    continue
                article = going
            case key if key in by_key:
                article = by_key[key]
            case key if key == DISPATCHER:
                return Next.DISPATCHER
            case key if key == BACK:
                return Next.MENU
            case _:
                mistakes += 1
                before = (prompts.WRONG_KEY,)
                continue
        await call.note(Step.INFORMED, about="article", article=article.id)
        before, told = (question_phrases.answer(article),), True
    return Next.DISPATCHER


async def _ready(answers: Sequence[Phrase]) -> Sequence[Phrase]:
    return answers


async def _meant(city: FlowPorts, heard: Heard, by_key: Mapping[str, Article]) -> Article | Next | None:
    """Give the article that is asked for; an emergency goes before it, and who wants a person gets one."""
    match await city.understanding.topic(heard):
        case Topic.EMERGENCY:
            return Next.EMERGENCY
        case Topic.PERSON:
            return Next.DISPATCHER
        case _:
            every = await city.articles.all()
            return await asked_aloud(heard.text, every, list(by_key.values()), city.understanding.forms)
