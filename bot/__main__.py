"""`python -m bot` is `throughline`."""

from bot.cli import main

main()
