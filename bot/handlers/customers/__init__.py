"""What people see and write down of customers, for the eyes of whoever asked only."""
