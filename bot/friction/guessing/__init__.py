"""Guesses from the words of a report what its form asks, and learns from corrections. Knows no Slack, no tables."""

from bot.friction.guessing.guesser import Guesser
from bot.friction.guessing.learned import Correction, Encode, Learned
from bot.friction.guessing.values import Field, Guess, Guesses

__all__ = ["Correction", "Encode", "Field", "Guess", "Guesser", "Guesses", "Learned"]
