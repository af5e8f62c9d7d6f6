"""The command line: `throughline`, and what follows it."""

import json
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Annotated, NoReturn

import psycopg
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import DatabaseError

from bot import (
    app,
    copies,
    doctor,
    evaluation,
    golden,
    logs,
    offered_numbers,
    policies,
    postgresql,
    replies,
    reports,
    running,
    settings,
    sqlite_faults,
    transfer,
)
from bot.assistant import Asked
from bot.audiences import EVERYONE
from bot.cli_audit import audit
from bot.cli_customer import customer
from bot.cli_customers import customers
from bot.cli_demo import demo_data
from bot.cli_erasure import erase
from bot.cli_feeds import feeds
from bot.cli_friction import friction
from bot.cli_imports import imports
from bot.cli_knowledge import knowledge
from bot.cli_map import touchpoint_map
from bot.cli_messages import messages
from bot.cli_metrics import metrics
from bot.cli_pages import digest, pages
from bot.cli_people import people
from bot.cli_proposals import proposals
from bot.cli_pulse import pulse
from bot.cli_signals import signals
from bot.cli_tokens import tokens
from bot.cli_tracks import tracks
from bot.cli_workspaces import workspaces
from bot.copies import CopyKind
from bot.erasure.backups import place_of
from bot.errors import EvaluationError, SettingsError, SlackLost, ThroughlineError
from bot.handlers.http import EVENTS_PATH
from bot.handlers.manifest import manifest, manifest_over_http, with_sign_in
from bot.people import ORDINARY_EMPLOYEE, Person
from bot.policies import Whose
from bot.progress import bars, json_lines
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.reindexing import Report
from bot.serving import operator
from bot.settings import Settings
from bot.simulator import LocalSlack, Workspace
from bot.simulator.errors import RealTokens
from bot.slack_settings import Listening, SignIn, Slack, SlackTokens

cli = typer.Typer(
    name="throughline",
    help="Cited answers for frontline staff, in Slack. Settings come from the environment or .env; see .env.example.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
knowledge.command()(proposals)
cli.add_typer(knowledge)
cli.add_typer(audit)
cli.add_typer(workspaces)
cli.add_typer(imports)
cli.add_typer(feeds)
cli.add_typer(customers)
cli.add_typer(tracks)
cli.add_typer(touchpoint_map)
cli.add_typer(friction)
cli.add_typer(pages)
cli.add_typer(tokens)
cli.add_typer(people)
cli.command()(customer)
cli.command()(erase)
cli.command()(digest)
cli.command(name="demo-data")(demo_data)
cli.command()(metrics)
cli.command()(signals)
cli.command()(pulse)
cli.command()(messages)
out = Console(emoji=False)  # what a page says, as role:phone:, is no emoji
err = Console(stderr=True, emoji=False)


def main() -> None:
    """Runs a command; a fault that a person can mend ends in its message, without a traceback."""
    try:
        cli()
    except ThroughlineError as fault:
        _end(fault)
    except (DatabaseError, psycopg.Error) as fault:
        if not (known := postgresql.explained(fault) or sqlite_faults.explained(fault)):
            raise
        _end(known)


def _end(fault: ThroughlineError) -> NoReturn:
    err.print(f"[bold red]throughline:[/] {escape(str(fault))}", soft_wrap=True, highlight=False)
    sys.exit(1)


@cli.command()
def run(
    port: Annotated[
        int | None,
        typer.Option(help="Port of the local workspace; 0 takes any free one. Default: 8022 or the next free."),
    ] = None,
) -> None:
    """Index the knowledge and start the bot: on Slack where tokens are set, else in the local workspace."""
    configured = settings.load()
    logs.to_stderr(configured.secrets)
    with app.only_one(configured):
        house = app.build(configured)
        _brought_up_to_date(house, configured.knowledge)
        out.print("Loading the model ...", style="dim")
        house.warm_up()
        stop, lost = Event(), Event()

        def give_up() -> None:
            lost.set()
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        with _slack(configured, port) as (tokens, api_url, page):
            bot = running.RunningBot(house, tokens=tokens, api_url=api_url, lost=give_up).start()
            out.print(f"[bold green]Throughline is ready.[/] {page or bot.where}", soft_wrap=True, highlight=False)
            if bot.page:
                out.print(f"What it costs, week by week: {bot.page}", highlight=False)
            out.print("Stop it with Ctrl-C.", style="dim")
            stop.wait()
            out.print("Stopping: finishing what is under way ...", style="dim")
            bot.stop()
        house.database.close()
    if lost.is_set():
        raise SlackLost(
            "The connection to Slack was lost and did not come back. What was accepted is kept: start Throughline "
            "again, or let a supervisor do it. If it happens again, check the network and status.slack.com."
        )


@cli.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    as_: Annotated[
        str,
        typer.Option("--as", help="Who asks: a name or e-mail of config/people.yaml. Default: an ordinary employee."),
    ] = "",
    customer_: Annotated[
        str,
        typer.Option(
            "--customer", help="For which customer: e-mail, phone, order or account number. It is written down."
        ),
    ] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help="Answer as on another day, YYYY-MM-DD: from what was, or will be, in force.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Ask one question and print the quoted answer with its sources.

    Exit code 0 if it was answered, 3 if nothing answers it.
    """
    day = _day(as_of) if as_of else None
    house = app.build(settings.load())
    person = house.directory.find(as_) if as_ else ORDINARY_EMPLOYEE
    if house.library.status() is None:
        err.print("Nothing is indexed yet, so the knowledge is indexed first.", style="dim")
        _reindexed(house, house.settings.knowledge, to=err)
    house.library.warm_up()
    now = datetime.now(UTC)
    today = now.astimezone(house.settings.timezone).date()
    about = _customer(house, customer_, person if as_ else operator(), today=day or today) if customer_ else None
    asked = Asked(person=person, question=Question(question, facts=about.facts if about else None), as_of=day)
    reply = house.assistant.ask(asked, today=today, now=now)
    if about:
        with house.database.writing.begin() as session:
            policies.write_down(session, about, reply.answer, by=person if as_ else operator(), now=now)
        err.print(f"For {about.name or 'a customer without a name'}.", style="dim", highlight=False, markup=False)
    if as_:
        err.print(
            f"Asked as {_described(person)}: {question}", style="dim", soft_wrap=True, highlight=False, markup=False
        )
    if as_json:
        print(json.dumps(replies.as_json(reply), ensure_ascii=False))  # noqa: T201 - exactly this, with nothing folded
    else:
        replies.show(reply, to=out)
    house.database.close()
    if not reply.answer.answered:
        raise typer.Exit(3)


@cli.command()
def reindex(
    folder: Annotated[Path | None, typer.Argument(help="The knowledge folder. Default: KNOWLEDGE.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,  # noqa: FBT002 - a flag
    accept: Annotated[bool, typer.Option("--accept", help="Publish what was refused or rolled back.")] = False,  # noqa: FBT002 - a flag
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON line a step, the report last.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Read a folder of pages and make it what Throughline answers from; only what changed is read again.

    Exit code 4 if the new state lost golden questions, and the earlier one goes on answering.
    """
    house = app.build(settings.load())
    where = (folder or house.settings.knowledge).resolve()
    with closing(house.database), json_lines() if as_json else bars(out) as progress:
        start = time.perf_counter()
        report = (
            house.plan(where, progress) if dry_run else house.reindex(where, progress, margin=1.0 if accept else None)
        )
    if as_json:
        print(json.dumps(reports.as_json(report), ensure_ascii=False))  # noqa: T201 - exactly this
    elif dry_run:
        reports.show_plan(report, where, to=out)
    else:
        reports.show(report, where, owners=house.owners, seconds=time.perf_counter() - start, to=out)
    if report.trial and not report.trial.passed:
        raise typer.Exit(4)


@cli.command()
def evaluate(
    corpus: Annotated[Path | None, typer.Option(help="corpus.jsonl: {_id, title, text} a line.")] = None,
    queries: Annotated[Path | None, typer.Option(help="queries.jsonl: {_id, text, metadata?} a line.")] = None,
    qrels: Annotated[Path | None, typer.Option(help="qrels.tsv: query-id, corpus-id, score.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Measure retrieval on a set in the BEIR layout, or without arguments on the knowledge's own questions.csv."""
    configured = settings.load()
    given = [corpus, queries, qrels]
    if any(given) and not all(given):
        raise EvaluationError(
            "Give all three of --corpus, --queries and --qrels, or none for the knowledge's questions."
        )
    if corpus and queries and qrels:
        with bars(err) as progress:
            quality = evaluation.evaluate_set(
                corpus, queries, qrels, encoder=Embedder(configured.model, cache=configured.models), progress=progress
            )
        _print_figures(quality.as_json(), as_json=as_json)
        return
    house = app.build(configured)
    _reindexed(house, configured.knowledge, to=err)
    with bars(err) as progress:
        own = evaluation.evaluate_own(
            house.library,
            configured.knowledge,
            directory=house.directory,
            numbers=offered_numbers.judging(house),
            progress=progress,
        )
    house.database.close()
    figures = asdict(own)
    missed = figures.pop("missed")
    _print_figures(figures, as_json=as_json)
    if not as_json and missed:
        out.print(f"\n{len(missed)} questions whose page is not among the first {golden.TOP}:", style="bold")
        for asked, page in missed:
            out.print(f"  {page}: {asked}", markup=False, highlight=False)


@cli.command()
def migrate(
    to: Annotated[
        str, typer.Option(help="The empty database: postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH")
    ],
) -> None:
    """Copy everything into another, empty database. Stop the bot first; then set DATABASE_URL to the new address."""
    configured = settings.load()
    target = replace(configured, database_url=settings.database_url(to, name="--to"))
    with (
        app.only_one(configured),
        closing(app.open_store(configured)) as old,
        closing(app.open_store(target)) as new,
        bars(out) as progress,
    ):
        copied = transfer.transfer(old, new, progress=progress)
        with new.writing.begin() as session:  # an erasure in the new one has to say that the old one is there
            copies.note(session, CopyKind.DATABASE, place_of(configured.database_url), now=datetime.now(UTC))
    for table, rows in copied.rows.items():
        out.print(f"  {table}: {rows}", highlight=False)
    out.print(
        f"Copied into {target.database_shown}. Now set DATABASE_URL to it, run `throughline reindex`, start the bot.",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )


@cli.command(name="manifest")
def print_manifest(
    url: Annotated[str, typer.Option(help="For HTTP: where the world reaches this bot, https://bot.example.org")] = "",
    page: Annotated[
        str, typer.Option(help="Where people sign in to the page with Slack: its address, as WEB_URL has it.")
    ] = "",
) -> None:
    """Print the manifest to paste at Slack: for Socket Mode, or with --url for HTTP."""
    for given in (url, page):
        if given and not given.startswith("https://"):
            raise typer.BadParameter(f"{given!r} is not an address that Slack sends to; it must begin with https://.")
    told = manifest_over_http(url.rstrip("/").removesuffix(EVENTS_PATH)) if url else manifest()
    told = with_sign_in(told, page.rstrip("/")) if page else told
    print(json.dumps(told, indent=2, ensure_ascii=False))  # noqa: T201 - exactly this


@cli.command(name="doctor")
def check(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Check this deployment; every finding names its remedy. Exit code 1 if something must be mended."""
    findings = doctor.examine()
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings]))  # noqa: T201 - exactly this, with nothing folded
    else:
        for finding in findings:
            mark = {"ok": "[green]ok     [/]", "warning": "[yellow]warning[/]", "fault": "[red]fault  [/]"}[
                finding.state
            ]
            out.print(f"{mark} {escape(finding.what)}", soft_wrap=True, highlight=False)
            if finding.remedy:
                out.print(f"        {escape(finding.remedy)}", soft_wrap=True, highlight=False)
    if any(finding.state == "fault" for finding in findings):
        raise typer.Exit(1)


@contextmanager
def _slack(configured: Settings, port: int | None) -> Iterator[tuple[Slack, str, str]]:
    """Slack itself, or the local workspace in its place with the address of its page."""
    if configured.slack is not None:
        if isinstance(configured.slack, Listening) and configured.slack.open_to_others:
            _warn_of_others(configured.slack)
        yield configured.slack, configured.slack_api_url, ""
        return
    if configured.slack_api_url != settings.SLACK_API:
        raise SettingsError(
            "SLACK_API_URL is set, but no tokens are. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN of that server, or "
            "remove SLACK_API_URL for the local workspace."
        )
    local = _local_workspace(configured.workspace_port if port is None else port, fixed=port is not None)
    try:
        sign_in = SignIn(local.client.id, local.client.secret)
        tokens = SlackTokens(local.bot_token, local.app_token, sign_in)
        yield tokens, local.api_url, f"Open the local workspace: {local.url}"
    finally:
        local.stop()


def _warn_of_others(slack: Listening) -> None:
    err.print(
        f"[bold red]HTTP_HOST is {slack.host}: other machines can reach this port, and what they send is not "
        "encrypted.[/] Only requests that Slack signed are read. Put a proxy with TLS before it, and let nothing but "
        "the proxy through.",
        soft_wrap=True,
        highlight=False,
    )


def _local_workspace(port: int, *, fixed: bool) -> LocalSlack:
    try:
        return LocalSlack(Workspace(), port=port).start()
    except RealTokens as fault:
        raise SettingsError(str(fault)) from fault
    except OSError as fault:
        if fixed:
            raise SettingsError(
                f"Port {port} is taken ({fault.strerror}). Name another with --port, or 0 for any."
            ) from fault
        return LocalSlack(Workspace(), port=0).start()


def _brought_up_to_date(house: app.House, folder: Path) -> None:
    """Index what changed. A refusal is a warning here: answers from yesterday's pages help more than no bot at all."""
    try:
        _reindexed(house, folder)
    except ThroughlineError as fault:
        if house.library.status() is None:
            raise
        err.print(
            f"[bold yellow]throughline:[/] The earlier state of the knowledge goes on answering. {escape(str(fault))}",
            soft_wrap=True,
            highlight=False,
        )


def _reindexed(house: app.House, folder: Path, *, to: Console = out) -> Report:
    start = time.perf_counter()
    with bars(to) as progress:
        report = house.reindex(folder, progress)
    reports.show(report, folder, owners=house.owners, seconds=time.perf_counter() - start, to=to)
    return report


def _customer(house: app.House, words: str, by: Person, *, today: date) -> Whose:
    """Whoever runs commands on the machine may read its whole database."""
    country = house.settings.country
    with house.database.reading() as session:
        return policies.whose(session, words, audiences=by.audiences, country=country, today=today)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise typer.BadParameter(
            f"{written!r} is not a date. Write it as YYYY-MM-DD, for example 2026-03-01."
        ) from None


def _described(person: Person) -> str:
    """Who somebody is to the bot: "Sam Tran (phone)"."""
    partners = sorted(name.removeprefix("partner:") for name in person.audiences if name.startswith("partner:"))
    standing = "employee" if EVERYONE in person.audiences else "outsider"
    return f"{person.name} ({', '.join([*sorted(person.roles), *partners] or [standing])})"


def _print_figures(figures: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))  # noqa: T201 - exactly this, with nothing folded
        return
    table = Table(box=None, show_header=False)
    for name, value in figures.items():
        if isinstance(value, dict):
            shown = ", ".join(f"{key} {number:.3f}" for key, number in value.items())
        else:
            shown = f"{value:.3f}" if isinstance(value, float) else str(value)
        table.add_row(name, shown)
    out.print(table)
