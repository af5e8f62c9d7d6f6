"""The pictures in docs/, taken anew from the real page in Chromium: `make pictures`.

Throughline starts on an empty data folder and is used as people would; look at what came out before you commit it.
"""

import re
import sys
import tempfile
from pathlib import Path

from bot import migrations
from bot.database import open_database
from bot.friction.acting import Act, Resolution, act
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web import WebPage
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from friction import weeks
from friction.desk import NOW, SEALER
from programs import PROJECT, Running, throughline
from served import shipped_site
from simulator_fixtures import CHROMIUM_ARGUMENTS, chromium_path

# CSS pixels; twice as many of the screen's, so that letters are sharp where a screen has them.
WIDTH, HEIGHT, SCALE = 1200, 720, 2
# Home and the fault panel are worth seeing further down.
TALL = 1000
# A whole card, and what was asked after it.
WHOLE = 1350
# Few colors are on the page; a file with so many is less than half as large and looks the same.
COLORS = 256
# An answer takes a fraction of a second; a picture may wait for a busy machine, and for a fault to be over.
PATIENCE_MILLISECONDS = 30_000

RETURNED = "@Throughline customer brought the modem back after 20 days, do we still bill the return fee?"
WAIVED = "@Throughline who may waive the equipment fee?"
BUY_BACK = "@Throughline do we buy back old phones?"
OFFLINE = "the card terminal is down, how much may I take?"
TIMEZONE = "America/New_York"
CUSTOMER = "/customer dana@example.org"
PROMISED = "what did we promise her?"
LEAD = Actor("U0RUTH", "T0", "Ruth Adeyemi", triager=True)
NOTICE = "/knowledge notice Orion is down, use the paper form, until 23:59"


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        here = Path(data)
        of_ours = {"CONFIG": str(PROJECT / "config"), "KNOWLEDGE": str(PROJECT / "knowledge"), "TIMEZONE": TIMEZONE}
        imported = throughline("import", "example", folder=here, **of_ours)
        if imported.returncode:
            sys.exit(imported.stderr)
        running = Running(folder=here, WORKSPACE_PORT="0", **of_ours)
        try:
            _take(re.findall(r"http://\S+", running.wait_for("Open the local workspace"))[0], folder)
        finally:
            running.stop()
        _overview(here, folder)


def _overview(here: Path, folder: Path) -> None:
    """The page of leads, after twelve made-up weeks."""
    database = open_database(f"sqlite:///{here / 'weeks.db'}")
    migrations.upgrade(database.engine)
    with database.writing.begin() as session:
        made = weeks.furnish(session, SEALER, now=NOW)
        for one in (Act(Event.ACKNOWLEDGE), Act(Event.RESOLVE, "It keeps its sign-in now", Resolution.FIXED)):
            act(session, made[4], one, LEAD, sealer=SEALER, now=NOW)
        visitor = Visitor("Ruth Adeyemi", "ruth.adeyemi@tidewater.example")
        secret = visiting.offer(session, visitor, now=NOW)
    served = WebPage(shipped_site(database, clock=lambda: NOW), port=0, data_dir=here).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": WIDTH, "height": TALL}, device_scale_factor=SCALE)
        page.goto(f"{served.address}/enter/{secret}")
        page.get_by_role("button", name="Open the page").click()
        expect(page.locator(".chart")).to_have_count(3)
        page.screenshot(path=folder / "overview.png", animations="disabled")
        browser.close()
    served.stop()
    database.close()
    _lighten(folder / "overview.png")


def _take(address: str, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        for person in ("MAYA", "SAM"):  # welcomed where the pictures do not show it
            _open(page, f"{address}?as=U0{person}&channel=D0{person}")
            expect(page.locator("#stream .msg")).to_contain_text("nice to meet you")
        scenes = (_answer, _customer, _modal, _home, _faults)
        for name, scene in ((scene.__name__.strip("_"), scene) for scene in scenes):
            scene(page, address)
            page.mouse.move(0, 0)
            path = folder / f"{name}.png"
            page.screenshot(path=path, animations="disabled", caret="hide")
            _lighten(path)
            print(f"{path}: {path.stat().st_size // 1000} kB")  # noqa: T201 - a script's own words
        browser.close()


def _lighten(path: Path) -> None:
    with Image.open(path) as taken:
        few = taken.convert("RGB").quantize(COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def _answer(page: Page, address: str) -> None:
    """A question in a channel and its answer in the thread."""
    _open(page, f"{address}?as=U0MAYA&channel=C0HARBOUR")
    _say(page, RETURNED)
    expect(page.locator("#thread-stream blockquote")).to_be_visible()


def _customer(page: Page, address: str) -> None:
    """A card in the asker's direct message, and a question about the same customer."""
    page.set_viewport_size({"width": WIDTH, "height": WHOLE})
    _open(page, f"{address}?as=U0MAYA&channel=D0MAYA")
    _say(page, CUSTOMER)
    expect(page.locator("#stream")).to_contain_text("Dana Ruiz")
    _say(page, PROMISED)
    expect(page.locator("#stream")).to_contain_text("About Dana Ruiz")


def _modal(page: Page, address: str) -> None:
    """[Ask a human] under an answer that does not settle it."""
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    _open(page, f"{address}?as=U0SAM&channel=C0HARBOUR")
    _say(page, BUY_BACK)
    page.locator("#thread-stream").get_by_role("button", name="Ask a human").click()
    page.get_by_label("What should they know?").fill("She has three of them and would take store credit.")


def _home(page: Page, address: str) -> None:
    """An admin's own page."""
    page.set_viewport_size({"width": WIDTH, "height": TALL})
    page.keyboard.press("Escape")
    _open(page, f"{address}?as=U0ELIF&channel=D0ELIF")
    _say(page, OFFLINE)
    expect(page.locator("#stream blockquote").first).to_be_visible()
    _open(page, f"{address}?as=U0ELIF&channel=C0BILLING")
    _say(page, NOTICE)
    expect(page.get_by_text("It stands on top of answers")).to_be_visible()
    _open(page, f"{address}?as=U0ELIF&channel=D0ELIF&tab=home")
    expect(page.locator("#home")).to_contain_text("Orion is down")


def _faults(page: Page, address: str) -> None:
    """Slack refuses and drops calls, and the answer comes all the same."""
    _open(page, f"{address}?as=U0MAYA&channel=C0HARBOUR&panel=faults")
    board = page.get_by_role("complementary", name="Faults")
    for fault in ("429", "done, half an answer"):
        board.get_by_role("button", name=fault, exact=True).click()
    expect(board).to_contain_text("done, half an answer for 3 calls")
    _say(page, WAIVED)
    expect(page.locator("#thread-stream blockquote")).to_be_visible()
    board.get_by_role("button", name="by 1 s", exact=True).click()
    expect(board).to_contain_text("On now")


def _open(page: Page, url: str) -> None:
    page.goto(url)
    page.locator("html[data-live=yes]").wait_for()


def _say(page: Page, words: str) -> None:
    page.locator("main textarea[id^=say-]").fill(words)
    page.keyboard.press("Enter")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "docs")
