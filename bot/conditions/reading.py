"""Conditions out of YAML, from its nodes: so that a fault has its line, and a country NO stays one."""

import re
from collections.abc import Callable
from difflib import get_close_matches

import yaml

from bot.conditions.language import AnyOf, Condition, Conditions, Op, Test

ANY = "any"
ASK = "ask"
# Deeper than any rule that a person could follow; also ends a node that holds itself.
MAX_DEPTH = 4
_FACT = re.compile(r"[a-z][a-z0-9_]{0,63}")

# A line, counted from 0, and what is wrong there -> what is raised.
Fault = Callable[[int, str], Exception]


def read(node: yaml.Node, *, fault: Fault, depth: int = 0) -> Conditions:
    """The conditions of a mapping: name of a fact -> what it has to be. Raises what `fault` makes."""
    if depth > MAX_DEPTH:
        raise fault(node.start_mark.line, "`any` stands inside `any` too often; write it flat")
    pairs = pairs_of(node, fault=fault)
    if not pairs:
        raise fault(node.start_mark.line, "conditions are `name: value` lines, such as `segment: gold`; write one")
    return tuple(_condition(name, line, value, fault, depth) for name, line, value in pairs)


def pairs_of(node: yaml.Node, *, fault: Fault) -> list[tuple[str, int, yaml.Node]]:
    """The entries of a mapping, each with its line."""
    if not isinstance(node, yaml.MappingNode):
        raise fault(node.start_mark.line, "expected `name: value` lines, such as `segment: gold`")
    pairs: list[tuple[str, int, yaml.Node]] = []
    for key, value in node.value:
        name, line = text_of(key, fault=fault), key.start_mark.line
        if name in {before for before, _, _ in pairs}:  # YAML would silently keep the last
            raise fault(line, f"{name} stands there twice; keep one")
        pairs.append((name, line, value))
    return pairs


def text_of(node: yaml.Node, *, fault: Fault) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise fault(node.start_mark.line, "expected one value, not lines below it")
    return " ".join(str(node.value).split())


def _condition(name: str, line: int, value: yaml.Node, fault: Fault, depth: int) -> Condition | AnyOf:
    if name == ANY:
        if not isinstance(value, yaml.SequenceNode) or not value.value:
            raise fault(line, "`any` is a list of `- name: value` entries, of which one is enough")
        return AnyOf(tuple(read(entry, fault=fault, depth=depth + 1) for entry in value.value))
    if not _FACT.fullmatch(name):
        raise fault(line, f"{name!r} names no fact; write it in small letters with _, such as tenure_months")
    if not isinstance(value, yaml.MappingNode):
        return Condition(name, (_test(Op.IS, line, value, fault),))
    ask = ""
    tests: list[Test] = []
    for word, at, wanted in pairs_of(value, fault=fault):
        if word == ASK:
            ask = text_of(wanted, fault=fault)
        else:
            tests.append(_test(_op(word, at, fault), at, wanted, fault))
    if not tests:
        raise fault(line, f"{name} says nothing that it has to be; write `{name}: {{ is: ... }}`")
    return Condition(name, tuple(tests), ask)


def _op(word: str, line: int, fault: Fault) -> Op:
    plain = re.sub(r"[\s_-]+", " ", word.casefold())
    if plain in set(Op):
        return Op(plain)
    near = get_close_matches(plain, list(Op), n=1)
    meant = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join([*Op, ASK])}"
    raise fault(line, f"`{word}` is no way to compare; {meant}")


def _test(op: Op, line: int, value: yaml.Node, fault: Fault) -> Test:
    entries = value.value if isinstance(value, yaml.SequenceNode) else [value]
    words = tuple(text_of(entry, fault=fault) for entry in entries)
    if not words or not all(words):
        raise fault(line, "there is no value to compare with; write one, or remove the line")
    try:
        return Test(op, words)
    except ValueError as wrong:
        raise fault(line, f"{wrong}") from wrong
