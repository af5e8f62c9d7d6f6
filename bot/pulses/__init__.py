"""One question, one tap: how easy a tool is, how easy something was to get done, whether one would recommend us.

Nobody is asked more than once a week. No row joins a person and their answer, and no sum of fewer than five is shown.
"""
