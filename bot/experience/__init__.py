"""What the company reads of itself: sums, lists and the week in words, of friction and of customers."""
