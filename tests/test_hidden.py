"""Text that people do not see is not read, and the page's writer is told."""

from pathlib import Path

import docx
import pytest
from bot.retrieval.documents import Document
from bot.retrieval.readers import read
from docx.shared import Pt

SEEN = "The fee is $20."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def made_of(folder: Path, name: str, text: str) -> tuple[str, tuple[str, ...]]:
    """All words of the document, and the remarks."""
    (folder / name).write_text(text, encoding="utf-8")
    document, remarks = read(folder / name, source=name)
    return _words(document), remarks


def _words(document: Document) -> str:
    return " ".join(
        " ".join((*section.headings, *(block.text for block in section.blocks))) for section in document.sections
    )


HIDDEN = [
    "<p hidden>secret</p>",
    "<p style='display : none !important'>secret</p>",
    "<div style='color:red;VISIBILITY:hidden'><p>secret</p></div>",
    "<p style='visibility:collapse'>secret</p>",
    "<span style='font-size:0px'>secret</span>",
    "<span style='font-size:1px'>secret</span>",
    "<p style='opacity:0.0'>secret</p>",
    "<p style='text-indent:-9999px'>secret</p>",
    "<p style='position:absolute;left:-9999px'>secret</p>",
    "<p style='position:absolute;top:-100em'>secret</p>",
    "<p style='position:absolute;clip:rect(0,0,0,0)'>secret</p>",
    "<p style='clip-path:inset(50%)'>secret</p>",
    "<p style='height:0;overflow:hidden'>secret</p>",
    "<p style='color:transparent'>secret</p>",
    "<p style='color:rgba(0,0,0,0)'>secret</p>",
    "<p style='color:#FFF;background:white url(x.png)'>secret</p>",
    "<div style='background-color:#000'><p><span style='color:rgb(0,0,0)'>secret</span></p></div>",
    "<table bgcolor='#ffffff'><tr><td><font color='white'>secret</font></td></tr></table>",
    "<style>p{color:red} .x, #y .z { display:none }</style><p class='big x'>secret</p>",
    "<style>/* .a{} */ .x{font-size:0}</style><p class=x>secret</p>",
    "<div hidden><nav hidden><p hidden>secret</p></nav></div>",
    "<span aria-hidden=true>you must not see this secret</span>",
]
UNREPORTED = [
    "<template><p>secret</p></template>",
    "<noscript>secret</noscript>",
    "<!-- secret -->",
    "<script>secret</script>",
    "<span aria-hidden=true>secret</span>",
    "<header><nav>secret</nav></header>",
]
SHOWN = [
    "<p style='font-size:0.9em'>shown</p>",
    "<p style='opacity:0.5'>shown</p>",
    "<p style='color:white;background:navy'>shown</p>",
    "<p style='color:#fff'>shown</p>",
    "<p style='margin-left:-8px'>shown</p>",
    "<p style='overflow:hidden;height:100px'>shown</p>",
    "<style>.y{display:none} @media print {.x{display:none}}</style><p class=x>shown</p>",
    "<style>body{opacity:0} p{color:red}</style><p>shown</p>",
    "<body style='visibility:hidden'><p>shown</p>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_html_is_not_read_and_said(folder: Path, hidden: str) -> None:
    words, remarks = made_of(folder, "a.html", f"<p>{SEEN}</p>{hidden}<p>{SEEN}</p>")
    assert words == f"{SEEN} {SEEN}"
    [remark] = remarks
    assert remark.startswith("hidden text was not read (once: ")
    assert "secret" in remark
    assert remark.endswith("write it where people see it, or delete it")


@pytest.mark.parametrize("hidden", UNREPORTED)
def test_machinery_and_icons_go_without_a_word(folder: Path, hidden: str) -> None:
    assert made_of(folder, "a.html", f"<p>{SEEN}</p>{hidden}") == (SEEN, ())


@pytest.mark.parametrize("shown", SHOWN)
def test_what_people_see_is_read(folder: Path, shown: str) -> None:
    assert made_of(folder, "a.html", shown) == ("shown", ())


@pytest.mark.parametrize(
    "hidden",
    [
        (
            "<div style='display:none'>\n\nsecret\n\n- secret\n\n<div>\n\n```\nsecret\n```\n\n</div>\n\n"
            "| a |\n|---|\n| secret |\n\n</div>"
        ),
        "<p hidden>secret</p>",
        "<div hidden>secret</div>",
        "Text<span style='font-size:0'>secret `secret` **secret** ![secret](x)</span>.",
        "<style>\n.x{display:none}\n</style>\n\n<p class=x>secret</p>",
    ],
)
def test_hidden_html_inside_markdown_is_not_read_and_said(folder: Path, hidden: str) -> None:
    words, remarks = made_of(folder, "a.md", f"{SEEN}\n\n{hidden}\n\n{SEEN}\n")
    assert "secret" not in words
    assert words.startswith(SEEN)
    assert words.endswith(SEEN)
    assert "hidden text was not read (once: " in remarks[0]


def test_a_hidden_tag_without_an_end_hides_the_rest_as_in_a_browser(folder: Path) -> None:
    assert made_of(folder, "a.md", f"{SEEN}\n\n<div hidden>\n\nsecret\n")[0] == SEEN


@pytest.mark.parametrize(
    "invisible",
    [*"\u200b\u200d\u2060\ufeff\u202e\u2066\u200f\U000e0041\U000e0101\ufe01\u3164"],
)
@pytest.mark.parametrize("name", ["a.md", "a.html", "a.txt", "a.csv"])
def test_invisible_letters_are_taken_out_and_said(folder: Path, name: str, invisible: str) -> None:
    words, remarks = made_of(folder, name, f"The f{invisible}ee is{invisible} $20.")
    assert words.removeprefix("• ") == SEEN
    [remark] = remarks
    assert remark.startswith("2 invisible letters (without width, of direction, or tags) were taken out; if nobody")


def test_invisible_letters_written_as_entities_or_in_front_matter_go_too(folder: Path) -> None:
    assert made_of(folder, "a.html", "<p>The f&#8203;ee is&#xE0041; $20.</p>")[0] == SEEN
    (folder / "b.md").write_text('---\naud\u200bience: role:shop\ntitle: "Fe\\ud800es\\u202e"\n---\n' + SEEN)
    document, remarks = read(folder / "b.md", source="b.md")
    assert (document.audiences, document.title) == (frozenset({"role:shop"}), "Fees")
    assert remarks[0].startswith("3 invisible letters")


def test_joiners_that_scripts_and_emoji_need_stay_and_soft_hyphens_go(folder: Path) -> None:
    text = "👩\u200d🔧 می\u200cخواهم क्\u200dष Fee\u00ads ❤\ufe0f"
    assert made_of(folder, "a.md", text) == (text.replace("\u00ad", ""), ())


def test_a_page_of_nothing_but_invisible_letters_keeps_no_empty_block(folder: Path) -> None:
    assert made_of(folder, "a.html", f"<h1>&#8203;</h1><p>&#8203;</p><ul><li>&#8203;</ul><p>{SEEN}</p>")[0] == SEEN


def test_hidden_and_tiny_letters_of_word_are_not_read_and_said(folder: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph(SEEN)
    paragraph.add_run(" secret").font.hidden = True
    paragraph.add_run(" secret").font.size = Pt(1)
    style = document.styles.add_style("Whisper", 2)
    style.font.hidden = True
    paragraph.add_run(" secret", style="Whisper")
    document.save(str(folder / "a.docx"))
    read_document, remarks = read(folder / "a.docx", source="a.docx")
    assert _words(read_document) == SEEN
    assert remarks == ("hidden text was not read (3 times); show what people may read, delete the rest",)
