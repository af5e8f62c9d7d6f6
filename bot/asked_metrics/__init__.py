"""Questions that a number answers, and no page: read, counted and told, for whoever may read the page of leads."""
