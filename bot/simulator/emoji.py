"""The emoji short names that a work message is likely to carry. Any other stays `:name:`, readable as it is."""

import re

EMOJI = {
    "+1": "\N{THUMBS UP SIGN}",
    "-1": "\N{THUMBS DOWN SIGN}",
    "arrow_right": "\N{BLACK RIGHTWARDS ARROW}\ufe0f",
    "bell": "\N{BELL}",
    "book": "\N{OPEN BOOK}",
    "bulb": "\N{ELECTRIC LIGHT BULB}",
    "busts_in_silhouette": "\N{BUSTS IN SILHOUETTE}",
    "calendar": "\N{TEAR-OFF CALENDAR}",
    "eyes": "\N{EYES}",
    "construction": "\N{CONSTRUCTION SIGN}",
    "exclamation": "\N{HEAVY EXCLAMATION MARK SYMBOL}",
    "heavy_check_mark": "\N{HEAVY CHECK MARK}\ufe0f",
    "hourglass": "\N{HOURGLASS}",
    "hourglass_flowing_sand": "\N{HOURGLASS WITH FLOWING SAND}",
    "information_source": "\N{INFORMATION SOURCE}\ufe0f",
    "large_blue_circle": "\N{LARGE BLUE CIRCLE}",
    "link": "\N{LINK SYMBOL}",
    "lock": "\N{LOCK}",
    "mag": "\N{LEFT-POINTING MAGNIFYING GLASS}",
    "memo": "\N{MEMO}",
    "no_entry": "\N{NO ENTRY}",
    "ok_hand": "\N{OK HAND SIGN}",
    "pray": "\N{PERSON WITH FOLDED HANDS}",
    "pushpin": "\N{PUSHPIN}",
    "question": "\N{BLACK QUESTION MARK ORNAMENT}",
    "raised_hands": "\N{PERSON RAISING BOTH HANDS IN CELEBRATION}",
    "rotating_light": "\N{POLICE CARS REVOLVING LIGHT}",
    "slightly_smiling_face": "\N{SLIGHTLY SMILING FACE}",
    "smile": "\N{SMILING FACE WITH OPEN MOUTH AND SMILING EYES}",
    "speech_balloon": "\N{SPEECH BALLOON}",
    "tada": "\N{PARTY POPPER}",
    "telephone_receiver": "\N{TELEPHONE RECEIVER}",
    "thumbsdown": "\N{THUMBS DOWN SIGN}",
    "thumbsup": "\N{THUMBS UP SIGN}",
    "ticket": "\N{TICKET}",
    "warning": "\N{WARNING SIGN}\ufe0f",
    "wave": "\N{WAVING HAND SIGN}",
    "white_check_mark": "\N{WHITE HEAVY CHECK MARK}",
    "wrench": "\N{WRENCH}",
    "x": "\N{CROSS MARK}",
    "zap": "\N{HIGH VOLTAGE SIGN}",
}

_NAME = re.compile(r":([a-z0-9_+\-]+):")


def with_emoji(text: str) -> str:
    """`:wave:` becomes the character; names we do not know stay."""
    return _NAME.sub(lambda name: EMOJI.get(name[1], name[0]), text)
