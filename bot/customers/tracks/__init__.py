"""Treatment tracks: what is done, and not done, for customers of whom certain conditions hold, and whether it helps."""
