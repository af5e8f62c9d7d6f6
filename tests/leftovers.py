"""Garbage is looked for among what tests make, not among what every process of the tests reads at its start.

That is 400,000 objects, all of which stay: to go through them again and again takes a fourth of the start, and each
`gc.collect` of a test as long as many a test.
"""

import gc


def pytest_sessionstart() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
