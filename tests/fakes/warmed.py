"""What each worker would read for itself is read before they are forked: catalogues and a dictionary."""

from cti_server.frame.language import LANGUAGES, words
from hotline.voice.ukrainian_words import dictionary
from storage.city import lemmas


def warm() -> None:
    for language in LANGUAGES:
        words(language)
    dictionary()
    lemmas._read()
