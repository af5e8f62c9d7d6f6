"""[Ask a human]: a question goes to people, is answered in a thread, and can become a page."""
