"""What gets in an employee's way: reported in seconds, tracked to its end, and told to everyone who has it."""
