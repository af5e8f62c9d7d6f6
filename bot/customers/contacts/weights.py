"""What counts how much when a contact is put on a chain, as `tests/benchmarks/fit_chains.py` fitted it."""

# Between a contact and a chain, its own or another's.
LINK = (
    "meaning",  # mean cosine with its contacts, less what all contacts of the customer have in common
    "center",  # the same with the middle of the chain
    "words",  # rare words shared with one contact, as a share
    "answers",  # words shared with how one contact ended
    "other_number",  # both are about an order or account, and about different ones
    "device",
    "day",  # one happens on a day that the other names, or both name one
    "ago",  # the later one says how long ago the earlier one was
    "number",  # this and those below with its neighbor in time on the chain: a code, an order, a longer number shared
    "echo",  # any words of how it ended, however common: "3 more days" were over
    "brief_next",  # few words, right after it
    "besides",  # "also ..." in the same call
    "closed",  # it ended with a solution
    "done",  # this one ended with a solution, and the chain goes on
    "first",  # this one would be the first of the chain
    "length",
)
# Of a contact alone.
NEW = (
    "always",
    "brief",  # few words
    "follows_up",
    "again",
    "chases",
    "outgoing",
    "asks_anew",
    "visit",
    "earlier",  # how many came before it
    "crowd",  # how many the customer has in all: among a hundred, chance finds something in common
)

WITH_MEANING = {
    "meaning": 5.81,
    "center": 5.63,
    "words": 6.32,
    "answers": 1.58,
    "other_number": -8.11,
    "device": 2.81,
    "day": 3.83,
    "ago": 1.89,
    "number": 9.01,
    "echo": 2.04,
    "brief_next": 7.28,
    "besides": -3.73,
    "closed": -1.24,
    "done": -1.22,
    "first": -0.55,
    "length": 0.62,
    "always": 0.41,
    "brief": -1.74,
    "follows_up": -2.33,
    "again": 0.79,
    "chases": -0.77,
    "outgoing": -2.66,
    "asks_anew": 0.71,
    "visit": -3.26,
    "earlier": 0.94,
    "crowd": 1.41,
}
BY_WORDS = {
    "meaning": 0.0,
    "center": 0.0,
    "words": 14.81,
    "answers": -0.3,
    "other_number": -8.46,
    "device": 3.53,
    "day": 4.26,
    "ago": 2.18,
    "number": 7.66,
    "echo": 1.96,
    "brief_next": 6.82,
    "besides": -4.36,
    "closed": -1.12,
    "done": -1.37,
    "first": -0.17,
    "length": -0.42,
    "always": 1.77,
    "brief": -0.46,
    "follows_up": -2.27,
    "again": 0.55,
    "chases": -0.56,
    "outgoing": -2.83,
    "asks_anew": 1.04,
    "visit": -3.08,
    "earlier": 0.45,
    "crowd": 0.49,
}
