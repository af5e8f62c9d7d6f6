"""Which rows are of one customer, and whom a text means: kept with its reason, undone by a person."""
