"""Which language a text is written in, by a table that was trained on text; needs no network."""

from collections import Counter
from collections.abc import Collection
from functools import cache

from bot.retrieval.language_table import LanguageTable

# What shop staff and their colleagues are likely to type. py3langid knows 140 languages; short English notes look like
# Nigerian Pidgin to it, and short Spanish ones like Extremaduran.
NAMES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
# A guess below this, or from so few words, is too often wrong to act on.
SURE = 0.8
MIN_WORDS = 4
# A language the knowledge is written in is ruled out only below this.
RULED_OUT = 0.03
# A few foreign pages do not make the knowledge multilingual.
COMMON_SHARE = 0.1


_table = cache(LanguageTable.load)


def language_of(text: str) -> str:
    """The ISO 639-1 code of a text, or "" where the guess is not sure."""
    chances = _table().chances(text)
    likeliest = max(chances, key=lambda language: chances[language])
    return likeliest if chances[likeliest] >= SURE else ""


def foreign_language(text: str, known: Collection[str]) -> str:
    """The name of the language of a question that is in none of the `known` ones, or "" where that is not certain."""
    spaced = len(text.split()) >= MIN_WORDS
    unspaced = any(ord(letter) > 0x2E80 for letter in text)  # noqa: PLR2004 - from here on scripts without spaces
    if not known or not (spaced or unspaced):
        return ""
    chances = _table().chances(text)
    likeliest = max(chances, key=lambda language: chances[language])
    if chances[likeliest] < SURE or sum(chances.get(language, 0.0) for language in known) > RULED_OUT:
        return ""
    return NAMES[likeliest]


def common(counts: Counter[str]) -> list[str]:
    """The languages that a fair share of the documents are written in."""
    known = {language: count for language, count in counts.items() if language}
    return sorted(language for language, count in known.items() if count >= COMMON_SHARE * sum(known.values()))
