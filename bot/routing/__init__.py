"""Which CX touchpoint a contact is about, and whether it is a complaint; guessed, and corrected by people."""
