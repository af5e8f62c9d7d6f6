"""How long from pressing Enter in the local workspace until the answer stands on the page, in real Chromium.

    .venv/bin/python tests/benchmarks/answer_latency.py [QUESTIONS]

Prints p50 and p95 in ms over that many questions of knowledge/questions.csv (default 40), each asked once.
"""

import csv
import os
import sys
import tempfile
import time
from pathlib import Path

from bot import app, running, settings
from bot.retrieval.scoring import percentile
from bot.simulator import LocalSlack, Workspace
from bot.slack_settings import SlackTokens
from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def main(count: int) -> None:
    with (PROJECT / "knowledge" / "questions.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row["question"] for row in csv.DictReader(stream) if row["kind"] == "answerable" and not row["as"]]
    questions = rows[:: max(1, len(rows) // count)][:count]
    with tempfile.TemporaryDirectory() as folder:
        house = app.build(settings.load({"DATA_DIR": folder}, folder=PROJECT))
        house.reindex(PROJECT / "knowledge")
        house.library.warm_up()
        slack = LocalSlack(Workspace(), port=0).start()
        bot = running.RunningBot(
            house, tokens=SlackTokens(slack.bot_token, slack.app_token), api_url=slack.api_url
        ).start()
        try:
            times = _times(slack.url, questions)
        finally:
            bot.stop()
            slack.stop()
            house.database.close()
    print(f"{len(times)} questions: p50 {percentile(times, 0.5):.0f} ms, p95 {percentile(times, 0.95):.0f} ms")  # noqa: T201


def _times(url: str, questions: list[str]) -> list[float]:
    times: list[float] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page()
        page.goto(f"{url}?as=U0SAM&channel=D0SAM")
        answers = page.get_by_text("APP", exact=True)
        for question in questions:
            before = answers.count()
            page.locator("textarea:visible").first.fill(question)
            start = time.perf_counter()
            page.keyboard.press("Enter")
            answers.nth(before).wait_for(timeout=10_000)
            times.append((time.perf_counter() - start) * 1000)
        browser.close()
    return times


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
