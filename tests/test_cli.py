"""The command line: what it prints, and the exit code it ends with.

Commands that need no model run as programs. Those that need it run in this process, where it is loaded already.
"""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import wording
from bot.assistant import Asked
from bot.people import ORDINARY_EMPLOYEE
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.verdicts import Objection, Verdicts

from commands import Command
from offices import furnish, house_in
from programs import throughline

QUESTION = "Can I waive a late fee without a supervisor?"
SOURCE = "policies/late-fees.md"
UNANSWERABLE = "Who won the chess world championship in 1972?"


@pytest.fixture
def folder(tmp_path: Path, starter_data: Path) -> Path:
    """An empty folder with the starter's index in `var`."""
    furnish(tmp_path / "var", starter_data)
    return tmp_path


def test_ask_prints_one_json_object_with_these_keys_and_nothing_else(folder: Path) -> None:
    ended = throughline("ask", "--json", QUESTION, folder=folder)
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert list(answer) == ["answered", "text", "citations", "reason", "milliseconds", "as_of", "notices"]
    assert (answer["answered"], answer["reason"]) == (True, None)
    [citation, *_] = answer["citations"]
    assert list(citation) == [
        "title", "section", "source", "owner", "age_days", "quote", "unverified", "overdue",
        "replaced_on", "replaced_by", "conditions",
    ]  # fmt: skip
    assert (citation["source"], citation["owner"]) == (SOURCE, "Billing policy")
    assert citation["quote"] in answer["text"]
    assert isinstance(answer["milliseconds"], float)


def test_ask_prints_quotes_and_sources_for_a_person(command: Command) -> None:
    ended = command("ask", QUESTION)
    assert ended.code == 0
    assert "may be waived only by a supervisor" in ended.out
    assert "[1] Late fees and late-fee waivers › " in ended.out
    assert "· Billing policy · verified" in ended.out


def test_ask_ends_with_3_where_nothing_answers(command: Command) -> None:
    said = command("ask", UNANSWERABLE)
    assert said.code == 3
    assert wording.NOTHING in said.out
    assert "closest: " in said.out
    written = command("ask", "--json", UNANSWERABLE)
    answer = json.loads(written.out)
    assert written.code == 3
    assert (answer["answered"], answer["citations"], answer["text"]) == (False, [], "")
    assert answer["reason"] == "nothing answers this"


def test_ask_as_somebody_finds_the_pages_of_their_role(command: Command) -> None:
    asked = "Who looks at ten waivers of each supervisor on Mondays?"
    answer = json.loads(command("ask", "--json", "--as", "niamh o'brien", asked).out)
    assert "policies/supervisor-waiver-limits.md" in {citation["source"] for citation in answer["citations"]}


def test_ask_as_an_address_that_nobody_listed_finds_public_pages_only(command: Command) -> None:
    public = command("ask", "--json", "--as", "somebody@elsewhere.example", "What happens to a lost gift card?")
    internal = command("ask", "--json", "--as", "somebody@elsewhere.example", "How do I note a contact in CareDesk?")
    assert json.loads(public.out)["citations"][0]["source"] == "policies/gift-cards.md"
    assert internal.code == 3


def test_ask_as_somebody_unknown_names_who_is_known(command: Command) -> None:
    ended = command("ask", "--as", "Nobody", QUESTION)
    assert ended.code == 1
    assert ended.out == ""
    assert ended.err.startswith("throughline: Nobody is called 'Nobody' in config/people.yaml.")
    assert "Maya Okafor" in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("name", "words"),
    [("nowhere", "There is no knowledge folder"), ("empty", "holds no page to index")],
)
def test_reindex_of_a_folder_without_pages_says_so_and_keeps_the_index(
    command: Command, folder: Path, name: str, words: str
) -> None:
    (folder / "empty").mkdir()
    ended = command("reindex", name)
    assert ended.code == 1
    assert words in ended.err
    assert "`throughline reindex FOLDER`" in ended.err
    assert "Traceback" not in ended.err


def test_reindex_says_what_changed_and_what_was_left_out(command: Command, folder: Path) -> None:
    pages = folder / "pages"
    pages.mkdir()
    (pages / "good.md").write_text("# Umbrellas\n\nAn umbrella is lent for a deposit of four dollars.\n")
    (pages / "broken.md").write_text("---\naudience: [\n---\nNobody may read this by mistake.\n")
    first = command("reindex", "pages")
    assert first.code == 0
    assert "Indexed 1 pages, 1 passages from" in first.out
    assert "Left out: broken.md: front matter, line" in first.out
    (pages / "broken.md").unlink()
    second = command("reindex", "pages")
    assert "0 added, 0 changed, 0 removed, 1 unchanged, 0 passages embedded" in second.out
    assert "deposit of four dollars" in command("ask", "What is the deposit for an umbrella?").out


def test_doctor_finds_nothing_amiss_in_a_fresh_installation(command: Command, folder: Path) -> None:
    (folder / "var").chmod(0o700)
    ended = command("doctor", "--json")
    findings = json.loads(ended.out)
    assert ended.code == 0
    assert {finding["state"] for finding in findings} == {"ok"}
    shown = " ".join(finding["what"] for finding in findings)
    assert all(word in shown for word in ("Settings", "Config", "Disk", "Knowledge", "Model", "Index", "Slack"))
    assert command("doctor").out.count("ok") >= len(findings)


@pytest.mark.parametrize(
    ("variables", "name", "remedy"),
    [
        ({"KNOWLEDGE": "nowhere"}, "KNOWLEDGE", "Mend it or leave it out"),
        ({"WORKSPACE_PORT": "http"}, "WORKSPACE_PORT", "write a number from 0"),
        ({"DATABASE_URL": "mysql://u:secret@db/x"}, "DATABASE_URL", "sqlite:///PATH"),
        ({"SLACK_BOT_TOKEN": "xoxb-123"}, "SLACK_APP_TOKEN", "connections:write"),
        ({"SLACK_API_URL": "http://elsewhere.example/"}, "SLACK_API_URL", "Use https"),
    ],
)
def test_doctor_names_the_setting_that_is_wrong_and_its_remedy(
    command: Command, variables: dict[str, str], name: str, remedy: str
) -> None:
    ended = command("doctor", **variables)
    assert ended.code == 1
    assert name in ended.out
    assert remedy in ended.out
    assert "secret" not in ended.out + ended.err


def test_doctor_names_a_broken_file_with_its_line(command: Command, folder: Path) -> None:
    shutil.copytree(Path(__file__).parent.parent / "config", folder / "config")
    people = folder / "config/people.yaml"
    people.write_text(people.read_text(encoding="utf-8").replace("roles: [phone]", "roles: [fone]"), encoding="utf-8")
    ended = command("doctor")
    assert ended.code == 1
    assert "people.yaml, line" in ended.out
    assert "role 'fone' is not listed" in ended.out


def test_doctor_finds_a_damaged_database(command: Command, folder: Path) -> None:
    (folder / "var/throughline.db").write_bytes(b"This is no database." * 1000)
    ended = command("doctor")
    assert ended.code == 1
    assert "Restore it from a backup" in ended.out


def test_evaluate_prints_the_figures_of_a_set_as_one_json_object(command: Command, folder: Path) -> None:
    corpus = [
        {"_id": "tea", "title": "Tea", "text": "Green tea is brewed at eighty degrees for two minutes."},
        {"_id": "bread", "title": "Bread", "text": "Sourdough bread rests overnight in the fridge."},
    ]
    queries = [
        {"_id": "1", "text": "How hot is green tea brewed?", "metadata": {"answerable": True}},
        {"_id": "2", "text": "Where does sourdough rest?"},
        {"_id": "3", "text": "Who won the chess championship?", "metadata": {"answerable": False}},
    ]
    for name, lines in (("corpus", corpus), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ttea\t1\n2\tbread\t1\n")
    ended = command(
        "evaluate", "--json", "--corpus", "corpus.jsonl", "--queries", "queries.jsonl", "--qrels", "qrels.tsv"
    )
    figures = json.loads(ended.out)
    assert ended.code == 0
    assert set(figures) == {
        *("ndcg@10", "recall@5", "recall@10", "mrr@10", "queries", "chunks"),
        *("index_seconds", "chunks_per_second", "p50_ms", "p95_ms", "auroc"),
    }
    assert (figures["ndcg@10"], figures["mrr@10"], figures["auroc"]) == (1.0, 1.0, 1.0)
    assert (figures["queries"], figures["chunks"]) == (3, 2)


def test_evaluate_names_the_file_and_the_line_at_fault(command: Command, folder: Path) -> None:
    (folder / "corpus.jsonl").write_text('{"_id": "tea", "text": "Tea."}\nnot json\n')
    given = ("--corpus", "corpus.jsonl", "--queries", "queries.jsonl", "--qrels", "qrels.tsv")
    broken = command("evaluate", *given)
    assert (broken.code, "corpus.jsonl, line 2" in broken.err) == (1, True)
    missing = command("evaluate", "--corpus", "corpus.jsonl")
    assert (missing.code, "Give all three" in missing.err) == (1, True)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("run", ["--port"]),
        ("ask", ["--as", "--as-of", "--json", "QUESTION"]),
        ("reindex", ["FOLDER"]),
        ("evaluate", ["--corpus", "--queries", "--qrels", "--json"]),
        ("doctor", ["--json"]),
        ("knowledge", ["notice", "notices", "withdraw", "restore", "verify", "status", "stale", "gaps", "feedback"]),
    ],
)
def test_the_help_of_a_command_names_its_options(command: Command, name: str, options: list[str]) -> None:
    ended = command(name, "--help")
    assert ended.code == 0
    assert all(option.casefold() in ended.out.casefold() for option in options)
    assert name in command("--help").out


def test_run_refuses_one_token_without_the_other(command: Command) -> None:
    ended = command("run", SLACK_APP_TOKEN="xapp-very-secret")
    assert ended.code == 1
    assert "SLACK_BOT_TOKEN is not set" in ended.err
    assert "to use the local workspace" in ended.err
    assert "very-secret" not in ended.out + ended.err


@pytest.mark.parametrize(
    "url", ["https://bot.example.org", "https://bot.example.org/", "https://bot.example.org/slack/events"]
)
def test_the_manifest_is_printed_for_the_way_in_which_slack_comes(command: Command, url: str) -> None:
    assert json.loads(command("manifest").out)["settings"]["socket_mode_enabled"] is True
    told = json.loads(command("manifest", "--url", url).out)
    assert told["settings"]["interactivity"]["request_url"] == "https://bot.example.org/slack/events"
    assert told["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]


def test_slack_sends_nothing_without_tls(command: Command) -> None:
    refused = command("manifest", "--url", "http://bot.example.org")
    assert refused.code == 2
    assert "must begin with" in refused.err


def test_ask_as_of_another_day_says_so_first(command: Command) -> None:
    said = command("ask", "--as-of", "2199-03-01", QUESTION)
    assert said.code == 0
    assert said.out.startswith("As of 1 March 2199:\n")
    assert "past its review date" in said.out
    written = json.loads(command("ask", "--json", "--as-of", "2199-03-01", QUESTION).out)
    assert (written["as_of"], written["citations"][0]["overdue"]) == ("2199-03-01", True)
    before = command("ask", "--as-of", "1990-01-01", QUESTION)
    assert (before.code, before.out.splitlines()[2]) == (3, wording.NOTHING_THEN)


def test_ask_as_of_no_date_shows_how_to_write_one(command: Command) -> None:
    ended = command("ask", "--as-of", "1.3.2026", QUESTION)
    assert ended.code == 2
    assert "2026-03-01" in ended.err


def test_ask_as_somebody_says_who_was_asked_for_without_touching_the_answer(command: Command) -> None:
    ended = command("ask", "--json", "--as", "niamh o'brien", QUESTION)
    assert ended.err == f"Asked as Niamh O'Brien (phone, supervisor): {QUESTION}\n"
    assert json.loads(ended.out)["answered"]
    assert "Asked as" not in command("ask", "--json", QUESTION).err
    assert "(outsider)" in command("ask", "--json", "--as", "a@elsewhere.example", QUESTION).err
    assert "(FieldPro)" in command("ask", "--json", "--as", "a@fieldpro.example", QUESTION).err


def test_a_notice_is_said_back_with_its_zone_told_with_answers_and_ended(command: Command) -> None:
    posted = command(
        "knowledge", "notice", "Orion is down, use the paper form", "--until", "2h", "--audience", "role:phone",
        TIMEZONE="America/New_York",
    )  # fmt: skip
    assert posted.code == 0
    assert re.match(
        r"Notice 1 stands until \w+day \d+ \w+ \d{4}, \d\d:\d\d E[SD]T \(UTC-0[45]:00\), for role:phone: ", posted.out
    )
    asked = "What do I do when Orion is not working?"
    answer = json.loads(command("ask", "--json", "--as", "sam tran", asked).out)
    assert [notice["text"] for notice in answer["notices"]] == ["Orion is down, use the paper form"]
    assert json.loads(command("ask", "--json", asked).out)["notices"] == []
    [listed] = json.loads(command("knowledge", "notices", "--json").out)["notices"]
    assert (listed["number"], listed["audiences"], listed["by"]) == (1, ["role:phone"], "the command line")
    assert "Notice 1 is taken down." in command("knowledge", "notices", "--end", "1").out
    assert json.loads(command("ask", "--json", "--as", "sam tran", asked).out)["notices"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["notice", "Orion is down", "--until", "teatime"], "'teatime' is not a time. Write 15:00"),
        (["notice", "Orion is down", "--until", "2020-01-01"], "has passed already"),
        (["notice", "Orion is down", "--until", "2h", "--audience", "shop"], "'shop' is not an audience"),
        (["notice", "Orion is down", "--until", "2h", "--as", "sam tran"], "Sam Tran is not one"),
        (["notices", "--end", "7"], "No notice 7 stands now"),
        (["withdraw", "guide"], "pages go by 'guide'. Name one by its path:"),
        (["restore", "gift-cards"], "policies/gift-cards.md is not withdrawn"),
        (["verify", "orion-guide", "--as", "sam tran"], "Sam Tran owns none that goes by 'orion-guide'"),
    ],
)
def test_what_cannot_be_done_to_the_knowledge_is_said_with_the_next_step(
    command: Command, arguments: list[str], said: str
) -> None:
    ended = command("knowledge", *arguments)
    assert ended.code == 1
    assert said in ended.err


def test_a_page_is_withdrawn_shown_as_withdrawn_and_restored(command: Command) -> None:
    assert command("knowledge", "withdraw", "late-fees", "--reason", "wrong amount").code == 0
    assert SOURCE not in command("ask", "--json", QUESTION).out
    assert f"Withdrawn: {SOURCE}, by the command line: wrong amount" in command("knowledge", "status").out
    [withdrawn] = json.loads(command("knowledge", "status", "--json").out)["withdrawn"]
    assert (withdrawn["source"], withdrawn["reason"]) == (SOURCE, "wrong amount")
    assert command("knowledge", "restore", "late-fees").code == 0
    assert SOURCE in command("ask", "--json", QUESTION).out


def test_a_verified_page_is_of_today(command: Command) -> None:
    assert "Verified today: policies/late-fees.md" in command("knowledge", "verify", "late-fees").out
    assert json.loads(command("ask", "--json", QUESTION).out)["citations"][0]["age_days"] == 0


def test_gaps_and_stale_pages_are_listed_as_tables_and_as_json(command: Command) -> None:
    assert command("knowledge", "gaps").out == "No question was left without an answer.\n"
    assert json.loads(command("knowledge", "gaps", "--json").out) == {"gaps": []}
    shown, written = command("knowledge", "stale").out, json.loads(command("knowledge", "stale", "--json").out)
    assert written["stale"]
    assert all(page["source"] in shown for page in written["stale"])


def test_what_did_not_help_is_listed_with_its_reason_and_settled_by_a_verification(
    command: Command, folder: Path, encoder: Embedder
) -> None:
    assert command("knowledge", "feedback").out == "No answer was said to be unhelpful.\n"
    house = house_in(folder / "var", encoder)
    asked = Asked(ORDINARY_EMPLOYEE, Question(QUESTION), channel="C1", thread="1.0")
    now = datetime.now(UTC)
    with house.database.writing.begin() as session:
        number = house.assistant.remember(session, asked, house.assistant.ask(asked, today=now.date()), now=now)
    verdicts = Verdicts(house.database, house.library, house.owners)
    judged = verdicts.judged(number)
    assert judged is not None
    with house.database.writing.begin() as session:
        verdicts.object(
            session, judged, person="U1", objection=Objection.OUTDATED, words="Two a year.", named=True, now=now
        )
    house.database.close()
    [page] = json.loads(command("knowledge", "feedback", "--json").out)["feedback"]
    [verdict] = page["verdicts"]
    assert (page["source"], page["owner"], page["open"]) == (SOURCE, "billing-policy", 1)
    assert {key: verdict[key] for key in ("question", "objection", "words", "outcome")} == {
        "question": QUESTION,
        "objection": "outdated",
        "words": "Two a year.",
        "outcome": "open",
    }
    assert json.loads(command("knowledge", "feedback", "--owner", "returns", "--json").out) == {"feedback": []}
    command("knowledge", "verify", "late-fees")
    shown = command("knowledge", "feedback").out
    assert f"{SOURCE}: Late fees and late-fee waivers · Billing policy · 0 open of 1\n" in shown
    assert "It is out of date. It should say: “Two a year.”" in shown
    assert "(settled: the page was verified)" in shown
