"""A question about one customer, answered from what happened with them and from nothing else."""
