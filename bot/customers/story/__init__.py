"""What whoever serves a customer needs to know at once, put together from what is kept."""
