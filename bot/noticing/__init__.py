"""What is worth a look, as of some weeks: rows of the database, through `bot.signals`, for whoever may see it."""
