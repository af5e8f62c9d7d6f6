"""Made-up years of a company with known plants in them, as files that the import commands read.

What finds the plants shares no code with this: it imports nothing of the house but its errors.
"""
