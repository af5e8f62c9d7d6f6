"""The small things that blocks are made of: text objects, ids, addresses, a question before a button acts."""

from bot.simulator.checking import Check, by_type, chars, flag, one_of, shape

ID = chars(255)
URL = chars(3000)
LABEL = chars(75)


def plain(most: int) -> Check:
    """A `plain_text` object."""
    return by_type({"plain_text": shape({"text": chars(most)}, {"emoji": flag})})


def text(most: int) -> Check:
    """A text object of either kind. `emoji` belongs to plain text only, `verbatim` to mrkdwn only."""
    return by_type(
        {
            "plain_text": shape({"text": chars(most)}, {"emoji": flag}),
            "mrkdwn": shape({"text": chars(most)}, {"verbatim": flag}),
        }
    )


CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
