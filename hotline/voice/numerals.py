"""Numbers in the words of a language, by num2words.

The library brings sixty languages, which take 3 MB: it is loaded when the first number is said.
"""


def in_words(number: int, language: str, **form: str) -> str:
    """`twenty-one`; `form` is as the library has it for the language: `to="ordinal"`, a case, a gender."""
    from num2words import num2words  # noqa: PLC0415

    return str(num2words(number, lang=language, **form))
