"""A customer erased: rows, words, files; then looked for byte by byte, with a receipt. Knows no Slack."""

from bot.erasure.backups import load_backups
from bot.erasure.eraser import Eraser, Preview
from bot.erasure.receipts import Receipt

__all__ = ["Eraser", "Preview", "Receipt", "load_backups"]
