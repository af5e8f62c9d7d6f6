"""What the house promises about customers in its own source: who owes their data, who reads it, and through what door.

The oracle (`test_customer_permissions`) tries it out; this holds for what nobody tried.
"""

import ast
from collections.abc import Iterator

import pytest
from bot.handlers.customers import access as customer_access

from contracts.test_architecture import HOUSE, words_of

REPLIES, HOME = "handlers/customers/replies.py", "handlers/home.py"
# What is known of customers, and what was done about them.
TABLES = frozenset(
    {
        "AssignmentRow",
        "CustomerRow",
        "EntryRow",
        "ExposureRow",
        "FocusRow",
        "InteractionRow",
        "InteractionVectorRow",
        "KeyRow",
        "MergeRow",
        "RecordRow",
        "StepRow",
    }
)
# Reviewed: none of these shows anybody anything of a customer who may not see them.
WITHOUT_ASKING_WHO = {
    "imports: whoever runs the machine": (
        "customers/identity/absorbing.py",
        "customers/feeds/differences.py",
        "customers/feeds/example.py",
        "customers/feeds/importing.py",
        "customers/feeds/interaction_store.py",
        "customers/identity/owners.py",
    ),
    "who is one customer: commands that ask for the right themselves": (
        "customers/identity/histories.py",
        "customers/identity/identifying.py",
        "customers/identity/resolving.py",
        "customers/identity/merging.py",
        "customers/identity/proposals.py",
    ),
    "erasing, and proving it": ("erasure/",),
    "an auditor's aliases, which name nobody": ("oversight.py",),
    "sums for leads, of five customers or more: `must_see` and `crowds`": (
        "asked_metrics/contacts.py",
        "asked_metrics/satisfaction.py",
    ),
    "routing: the machine reads for everybody, and shows nothing; `correcting.py` shows, and asks": (
        "routing/batches.py",
        "routing/working.py",
    ),
    "counts, and whether one is there still": (
        "customers/standing.py",
        "customers/questions/vectors.py",
    ),
    "sums of contacts and of what five customers or more gave, for whoever steers, who may ask for no customer": (
        "asked_metrics/routed.py",
        "experience/contacts.py",
        "experience/journeys.py",
        "experience/returning.py",
        "experience/touched.py",
    ),
    "signals: sums, and five customers or more; rows only for a viewer with the right, which is asked there": (
        "noticing/",
    ),
}
DOORS = ("asks", "entries", "steps", "surface")


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def called(tree: ast.AST) -> set[str]:
    """The last names of everything that is called."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {str(getattr(call, "id", None) or getattr(call, "attr", "")) for call in calls}


def mentioned(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def own_tables(tree: ast.Module) -> set[str]:
    """The customers' tables that a module knows; retrieval has rows of the same names."""
    defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    known = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot.customers")
        for alias in node.names
    }
    return TABLES & (defined | known)


def test_one_module_owes_what_is_shown_of_customers_and_the_home_its_hand_over() -> None:
    naming = {name for name, tree in HOUSE.items() if "CUSTOMER" in words_of(tree) and name.startswith("handlers/")}
    assert naming == {REPLIES, "handlers/rendering.py"}
    owing = {
        name
        for name, tree in HOUSE.items()
        if any({"owe"} & called(one) and {"customer_wording", "Told"} & mentioned(one) for one in functions(tree))
    }
    assert owing == {REPLIES, HOME}


@pytest.mark.parametrize("module", [REPLIES, HOME])
def test_whoever_owes_something_of_a_customer_writes_the_look_down_in_the_same_transaction(module: str) -> None:
    owing = [one for one in functions(HOUSE[module]) if "owe" in called(one)]
    assert owing
    for one in owing:
        assert {"note_shown", "write_down"} & called(one), one.name


def test_every_look_that_is_written_down_is_of_customers_who_are_there_still() -> None:
    for one in functions(HOUSE[REPLIES]):
        if {"record", "write_down"} & called(one) and one.name != "note_form":
            assert "must_stand" in called(one), one.name


def reads(one: ast.FunctionDef, tables: set[str]) -> bool:
    """Whether a function asks for rows of these tables, or counts them."""
    by_number = [
        node.args[0]
        for node in ast.walk(one)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"get", "get_one"} and node.args
    ]
    asks = {"select", "exists"} & called(one) and tables & mentioned(one)
    return bool(asks) or any(isinstance(row, ast.Name) and row.id in tables for row in by_number)


def reads_without_asking(name: str, tree: ast.Module) -> list[str]:
    tables = own_tables(tree)
    return [f"{name}: {one.name}" for one in functions(tree) if reads(one, tables) and "permitted" not in called(one)]


def test_every_query_that_reads_a_customer_asks_who_reads() -> None:
    reviewed = tuple(path for paths in WITHOUT_ASKING_WHO.values() for path in paths)
    found = {name: reads_without_asking(name, tree) for name, tree in HOUSE.items()}
    open_ones = [one for name, some in found.items() if not name.startswith(reviewed) for one in some]
    assert open_ones == []
    assert {path for path in reviewed if not any(found[name] for name in found if name.startswith(path))} == set()


@pytest.mark.parametrize("door", DOORS)
def test_every_command_press_and_form_about_customers_asks_at_the_door_who_it_is_and_where(door: str) -> None:
    tree = HOUSE[f"handlers/customers/{door}.py"]
    methods = {one.name: one for one in functions(tree)}
    worked = {node.attr for node in ast.walk(methods["work"]) if isinstance(node, ast.Attribute)}
    assert worked
    for name in worked & methods.keys():
        assert "asker" in called(methods[name]), name
    if "opens" in methods:
        assert "presser" in called(methods["_form"])


def test_who_asks_at_the_door_asks_for_the_right_and_for_the_place() -> None:
    for one in functions(HOUSE["handlers/customers/access.py"]):
        if one.name in {"asker", "presser"}:
            assert {"must_be_permitted", "is_private"} <= called(one)
    assert customer_access.CustomerAccess.asker is not None


def test_a_message_about_a_customer_is_taken_only_of_who_may_and_where_only_we_are() -> None:
    (takes,) = (one for one in functions(HOUSE["handlers/customers/surface.py"]) if one.name == "takes")
    assert "is_private" in called(takes)
    assert "serves_customers" in words_of(takes)
