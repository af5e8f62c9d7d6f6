"""Every fault of a touchpoint map is found, in its line, with what to do; and all of them at once."""

from pathlib import Path

import pytest
from bot.errors import SettingsError
from bot.touchpoints import MapFault, MapFaulty, load_map

from maps import MAP, ROLES, TEAMS, TRACKS, planted, written

TWO_TOOLS = """\
  - §id: ex.a
    name: A
    roles: [shop]
    employee_symptoms: [slow]
    steps: [{ do: a, tool: pos }, { do: b, tool: orion }]
edges:
"""
NOT_ALONE = """\
  - §id: cx.a
    name: A
    stage: buy
    channel: web
    owner: care
    self_service: missing
    customer_symptoms: [slow]
ex_touchpoints:
"""
# What is the matter: a text of the map, what stands there instead (with a mark in the faulty line), what is said.
FAULTS = {
    "a part that is not known": (
        "partners:\n",
        "§partner:\n  - {id: a}\npartners:\n",
        "`partner` says nothing of the map; did you mean partners?",
    ),
    "a part that is missing": (
        MAP,
        "§tools: []\n",
        "the map needs `stages:`, a list of `- id: ...` entries",
    ),
    "a part that is empty": (
        MAP,
        "stages: [{ id: buy, name: Buy }]\n§channels: []\n",
        "`channels` is empty; write a list",
    ),
    "a part that stands there twice": ("edges:\n", "§stages: []\nedges:\n", "`stages` stands there twice; keep one"),
    "a thing that is no lines": (
        "cx_touchpoints:\n",
        "cx_touchpoints:\n  - §checkout\n",
        "a CX touchpoint is written as `name: value` lines; it has id",
    ),
    "a line that is not known": (
        "aliases: [CRM]",
        "§alias: [CRM]",
        "`alias` says nothing of the tool caredesk; did you mean aliases?",
    ),
    "a line of a step that is not known": (
        "tool: pos, writes: sale",
        "§tool: pos, write: sale",
        "`write` says nothing of a step; did you mean writes?",
    ),
    "a line of targets that is not known": (
        "{ csat: 4.5,",
        "{ §cast: 4.5,",
        "`cast` says nothing of `targets`; did you mean csat?",
    ),
    "a line that stands there twice": (
        "    name: CareDesk\n",
        "    name: CareDesk\n    §name: Care\n",
        "`name` stands there twice",
    ),
    "a thing without an id": (
        "  - id: ex.desk.tidying\n    name:",
        "  - §name:",
        "an EX touchpoint needs `id:`, such as ex.store.checkout",
    ),
    "an id that cannot be one": (
        "ex.desk.tidying",
        "§Tidying up",
        "'Tidying up' cannot be an id; write small letters, as ex.store.checkout",
    ),
    "an id that two have": (
        "{ id: leave, name: Return or leave }",
        "{ id: leave, name: Return or leave }\n  - { §id: leave, name: Leave }",
        "the id leave is that of the stage in line 3 already; choose another",
    ),
    "an id of something else": (
        "{ id: web, name: Website }",
        "{ id: web, name: Website }\n  - { §id: buy, name: Buy }",
        "the id buy is that of the stage in line 2",
    ),
    "a thing without a name": (
        "  - id: ex.desk.tidying\n    name: Tidying up\n",
        "  - §id: ex.desk.tidying\n",
        "the EX touchpoint ex.desk.tidying needs `name:`",
    ),
    "a name that is empty": ("name: Tidying up", "§name:", "`name` is empty; write as people call it"),
    "a name that is a list": ("name: Tidying up", "§name: [Tidying, up]", "`name` takes one text, not lines below it"),
    "a name that is far too long": (
        "name: Tidying up",
        f"§name: {'tidy ' * 80}",
        "`name` has more than 300 letters; say it shorter",
    ),
    "a tool without an owner": (
        "  - id: caredesk\n    name: CareDesk\n    aliases: [CRM]\n    owner: billing-it\n",
        "  - §id: caredesk\n    name: CareDesk\n    aliases: [CRM]\n",
        "the tool caredesk needs `owner:`, a team of config/owners.yaml",
    ),
    "an owner whom nobody knows": (
        "    aliases: [CRM]\n    owner: billing-it\n",
        "    aliases: [CRM]\n    §owner: biling-it\n",
        "config/owners.yaml has no team 'biling-it'; did you mean billing-it?",
    ),
    "an EX touchpoint whose owner nobody knows": (
        "    roles: [shop]\n    owner: shops\n",
        "    roles: [shop]\n    §owner: zz\n",
        "config/owners.yaml has no team 'zz'; there are billing-it, care, shops",
    ),
    "no owner with several tools": (
        "edges:\n",
        TWO_TOOLS,
        "the EX touchpoint ex.a needs `owner:`, a team of config/owners.yaml, since it has 2 tools",
    ),
    "no owner and no tool": (
        "edges:\n",
        "  - { §id: ex.a, name: A, roles: [shop], employee_symptoms: [no] }\nedges:\n",
        "needs `owner:`, a team of config/owners.yaml, since it has no tool whose owner it could take",
    ),
    "an alias that means another tool": (
        "aliases: [CRM]",
        "§aliases: [CRM, The  Till]",
        "'The Till' means pos already (line 10, 'the till'); keep it with one of them",
    ),
    "an alias that means a partner": (
        "    aliases: [parcel service]",
        "    §aliases: [crm]",
        "'crm' means caredesk already (line 20, 'CRM')",
    ),
    "an alias that is the name of another tool": (
        "aliases: [CRM]",
        "§aliases: [CRM, Price-Feed]",
        "'Price-Feed' means price_feed already (line 22, 'price_feed'); keep it with one of them",
    ),
    "an alias that stands there twice": (
        "aliases: [CRM]",
        "§aliases: [CRM, CRM]",
        "'CRM' stands in `aliases` twice; keep one",
    ),
    "an alias that only looks like another one": (
        "aliases: [CRM]",
        "§aliases: [CRM, crm]",
        "'crm' is a name of caredesk already; keep one",
    ),
    "an alias without letters": (
        "aliases: [CRM]",
        '§aliases: [CRM, "!!"]',
        "'!!' has no letters, so nobody can mean anything by it",
    ),
    "an alias that is empty": (
        "aliases: [CRM]",
        '§aliases: [CRM, ""]',
        "an entry of `aliases` is empty; write it, or remove it",
    ),
    "an alias that is a list": ("aliases: [CRM]", "§aliases: [[CRM]]", "`aliases` takes one text"),
    "a day that is none": (
        "retiring_on: 2027-03-31",
        "§retiring_on: 2027-02-30",
        "`retiring_on: 2027-02-30` is not a date; write it as 2027-03-31",
    ),
    "a kind of partner that is not known": (
        "kind: enables",
        "§kind: enable",
        "`kind` cannot be 'enable'; did you mean enables?",
    ),
    "a stage that is not on the map": (
        "stage: leave",
        "§stage: leaf",
        "the map has no stage 'leaf'; did you mean leave?",
    ),
    "a channel that is not on the map": (
        "channel: web",
        "§channel: fax",
        "the map has no channel 'fax'; there are store, web",
    ),
    "a stage without a touchpoint": (
        "channels:",
        "  - { §id: use, name: Use }\nchannels:",
        "no CX touchpoint is in the stage use; add one, or remove the stage",
    ),
    "something else where a channel belongs": (
        "channel: web",
        "§channel: pos",
        "pos is a tool, and a channel belongs here; name one",
    ),
    "a target that is no number": ("csat: 4.5", "§csat: high", "`csat` is a number of points from 1 to 5, not 'high'"),
    "a target that cannot be": ("csat: 4.5", "§csat: nan", "`csat` is a number of points from 1 to 5, not 'nan'"),
    "targets that are no lines": (
        "{ csat: 4.5, complaints_per_1000: 2 }",
        "§4.5",
        "`targets` is written as `name: value` lines; it has csat, complaints_per_1000",
    ),
    "a word for self service": (
        "self_service: missing",
        "§self_service: soon",
        "`self_service` is yes, no or missing, not 'soon'",
    ),
    "a track that is not known": (
        "third-contact",
        "§third-contacts",
        "tracks.yaml has no track 'third-contacts'; did you mean third-contact?",
    ),
    "no customer symptoms": (
        "customer_symptoms: the page failed",
        "§customer_symptoms: []",
        "`customer_symptoms` is empty; write what customers say",
    ),
    "no employee symptoms": (
        "employee_symptoms: [no time for it]",
        "§employee_symptoms:",
        "`employee_symptoms` is empty; write what employees say",
    ),
    "a symptom that stands there twice": (
        "the lists differ]",
        "§typed  twice]",
        "'typed twice' stands in `employee_symptoms` twice; keep one",
    ),
    "customers whom nobody serves": (
        "ex_touchpoints:\n",
        "  - { §id: cx.a, name: A, stage: buy, channel: web, owner: care, customer_symptoms: [no] }\nex_touchpoints:\n",
        "nobody serves cx.a; name it in `serves` of an EX touchpoint, or write `self_service: yes`",
    ),
    "self service that is only missing": (
        "ex_touchpoints:\n",
        NOT_ALONE,
        "nobody serves cx.a",
    ),
    "a touchpoint that serves what is not on the map": (
        "serves: [cx.store.checkout]",
        "serves: [cx.store.checkout, §cx.store.chekout]",
        "the map has no CX touchpoint 'cx.store.chekout'; did you mean cx.store.checkout?",
    ),
    "a touchpoint that serves an employee": (
        "serves: [cx.store.checkout]",
        "serves: [cx.store.checkout, §ex.desk.tidying]",
        "ex.desk.tidying is an EX touchpoint, and a CX touchpoint belongs here",
    ),
    "a role that nobody has": (
        "roles: [shop, phone]",
        "roles: [shop, §fone]",
        "config/people.yaml has no role 'fone'; did you mean phone?",
    ),
    "a touchpoint of nobody": (
        "roles: [shop, phone]",
        "§roles: []",
        "`roles` is empty; write roles of config/people.yaml",
    ),
    "neither yes nor no": (
        "visible_to_customer: yes",
        "§visible_to_customer: often",
        "`visible_to_customer` is yes or no, not 'often'",
    ),
    "a tool that is not on the map": (
        "tool: caredesk",
        "§tool: cardesk",
        "the map has no tool 'cardesk'; did you mean caredesk?",
    ),
    "a partner where a tool belongs": (
        "tool: orion",
        "§tool: courier",
        "courier is a partner, and a tool belongs here",
    ),
    "a partner that is not on the map": (
        "tool: pos, writes",
        "§tool: pos, partner: curier, writes",
        "the map has no partner 'curier'; did you mean courier?",
    ),
    "a step in which nothing is done": ("{ do: scan it, ", "{ §", "a step needs `do:`, what is done"),
    "steps that are no list": (
        "    steps:\n      - { do: scan it, tool: pos, writes: sale }\n",
        "    owner: shops\n    §steps: scan it\n",
        "`steps` is a list: each step begins with `- `",
    ),
    "a page that is not there": (
        "selling.md",
        "§buying.md",
        "the knowledge folder has no page buying.md; mend the path, or leave the line out",
    ),
    "a page outside the knowledge": ("selling.md", "§../selling.md", "../selling.md leads out of the knowledge folder"),
    "minutes that cannot be": (
        "minutes: 4",
        "§minutes: -4",
        "`minutes` is a number of minutes from 0.1 to 1440, not '-4'",
    ),
    "a tool that nobody reaches": (
        "partners:",
        "  - { §id: fax, name: Fax, owner: shops }\npartners:",
        "no step and no edge leads to fax; name it where somebody uses it, or remove it",
    ),
    "a partner whom nobody reaches": (
        "cx_touchpoints:",
        "  - { §id: depot, name: Depot, owner: shops }\ncx_touchpoints:",
        "no step and no edge leads to depot",
    ),
    "an edge to nowhere": (
        "from: caredesk, to: orion",
        "from: caredesk, §to: orio",
        "the map has no tool 'orio'; did you mean orion?",
    ),
    "an edge to itself": (
        "edges:\n",
        "edges:\n  - { from: pos, §to: pos, kind: should_sync }\n",
        "an edge leads from pos to itself; name two, or remove it",
    ),
    "an edge from the wrong thing": (
        "edges:\n",
        "edges:\n  - { §from: cx.web.order, to: courier, kind: hands_off }\n",
        "cx.web.order is a CX touchpoint, and an EX touchpoint belongs here",
    ),
    "an edge that follows from the steps": (
        "kind: hands_off",
        "§kind: serves",
        "`kind` cannot be 'serves'; what serves, uses and delivers follows from the steps",
    ),
    "an edge of no kind": (
        "to: pos, kind: should_sync }",
        "§to: pos }",
        "an edge needs `kind:`, should_sync or hands_off",
    ),
    "an edge of a kind that is not known": (
        "kind: hands_off",
        "§kind: hand_off",
        "`kind` cannot be 'hand_off'; did you mean hands_off?",
    ),
    "a state that is not known": (
        "status: broken",
        "§status: brocken",
        "`status` cannot be 'brocken'; did you mean broken?",
    ),
}
# These take away what other lines name.
KNOCK_ON = {"a part that is missing", "a part that is empty", "a part that is no list", "steps that are no list"}


def faults_of(folder: Path, text: str) -> list[MapFault]:
    with pytest.raises(MapFaulty) as refused:
        load_map(written(folder, text), teams=TEAMS, roles=ROLES, tracks=TRACKS, pages=folder)
    return list(refused.value.faults)


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_found_in_its_line_and_is_one(tmp_path: Path, what: str) -> None:
    old, new, said = FAULTS[what]
    text, line = planted(old, new)
    found = faults_of(tmp_path, text)
    assert [fault for fault in found if fault.line == line and said in fault.what], found
    assert len(found) == 1 or what in KNOCK_ON, found


def test_every_fault_is_named_at_once_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = MAP
    for old, new in (("owner: billing-it", "owner: biling-it"), ("csat: 4.5", "csat: 9"), ("tool: pos", "tool: post")):
        text = text.replace(old, new)
    with pytest.raises(MapFaulty) as refused:
        load_map(written(tmp_path, text), teams=TEAMS)
    told = refused.value.told
    assert [line.partition("touchpoints.yaml, ")[2].partition(":")[0] for line in told] == [
        "line 15", "line 21", "line 37", "line 64",
    ]  # fmt: skip
    assert str(refused.value) == "\n".join(told)


def test_a_lost_line_and_the_odd_one_in_its_place_are_two(tmp_path: Path) -> None:
    text, line = planted("name: CareDesk", "§nane: CareDesk")
    assert [fault.line for fault in faults_of(tmp_path, text)] == [line - 1, line]


def test_what_a_slip_of_the_pen_seems_to_mean_is_not_called_unreachable_too(tmp_path: Path) -> None:
    text, line = planted("tool: pos", "§tool: poss")
    assert [fault.line for fault in faults_of(tmp_path, text)] == [line], "the register, and its price feed"


def test_nothing_is_compared_with_what_is_not_known(tmp_path: Path) -> None:
    text = MAP.replace("owner: care", "owner: someone").replace("[shop]", "[anybody]").replace("third-contact", "any")
    assert load_map(written(tmp_path, text.replace("selling.md", "lost.md"))).owner_of("courier") == "someone"


def test_whatever_stands_in_the_file_is_a_map_or_faults(tmp_path: Path) -> None:
    """Each line lost, and each made a list, a mapping and nothing: no other error leaves the loader."""
    lines = MAP.splitlines()
    ends = [faults_or_map(tmp_path, [*lines[:n], *lines[n + 1 :]]) for n in range(len(lines))]
    for n, line in enumerate(lines):
        name = line.partition(":")[0]
        ends += [faults_or_map(tmp_path, [*lines[:n], f"{name}: {value}", *lines[n + 1 :]]) for value in ODD]
    assert len(ends) == 5 * len(lines)


ODD = ("", "[a, [b], {c: d}]", "{a: {b: [c]}}", "7")


def faults_or_map(folder: Path, lines: list[str]) -> object:
    try:
        return load_map(written(folder, "\n".join(lines)), teams=TEAMS, roles=ROLES, tracks=TRACKS, pages=folder)
    except SettingsError as fault:
        return fault
