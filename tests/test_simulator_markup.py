"""Slack's markup, rich text and Markdown as HTML: what is meant is shown, what is smuggled in stays text."""

import re

import pytest
from bot.simulator.markdown import markdown
from bot.simulator.mrkdwn import mrkdwn, plain, sources, with_citations, words
from bot.simulator.rich_text import rich_text

NAMES = {"U0MAYA": "Maya Okafor", "C0RETURNS": "returns"}
LINK = '<a href="https://a.example" target="_blank" rel="noopener noreferrer">{}</a>'

MEANT = [
    ("*bold* _italic_ ~gone~", "<b>bold</b> <i>italic</i> <s>gone</s>"),
    ("*bold with `code`*", "<b>bold with <code>code</code></b>"),
    ("_*both*_", "<i><b>both</b></i>"),
    ("`*not bold*`", "<code>*not bold*</code>"),
    ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
    ("* not bold *", "* not bold *"),
    ("one\ntwo", "one<br>two"),
    ("<https://a.example|label>", LINK.format("label")),
    ("<https://a.example>", LINK.format("https://a.example")),
    ("see https://a.example.", f"see {LINK.format('https://a.example')}."),
    ("*<https://a.example|x>*", f"<b>{LINK.format('x')}</b>"),
    ("<@U0MAYA> in <#C0RETURNS>", '<span class="at">@Maya Okafor</span> in <span class="at">#returns</span>'),
    ("<@U0WHO> <#C0GONE|gone>", '<span class="at">@U0WHO</span> <span class="at">#gone</span>'),
    ("<!here> <!subteam^S1|@shops>", '<span class="at">@here</span> <span class="at">@shops</span>'),
    ("<!date^1700000000^{date}|14 November>", "14 November"),
    ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
    (":warning: :unknown_name:", "\N{WARNING SIGN}\ufe0f :unknown_name:"),
]


@pytest.mark.parametrize(("text", "shown"), MEANT)
def test_slacks_markup_is_shown_as_it_is_meant(text, shown):
    assert str(mrkdwn(text, NAMES)) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n\nb", "<p>a</p><p>b</p>"),
        ("&gt; quoted\n&gt; more\nnot", "<blockquote><p>quoted<br>more</p></blockquote><p>not</p>"),
        ("> raw", "<blockquote><p>raw</p></blockquote>"),
        ("before\n>>> all\nthe rest", "<p>before</p><blockquote><p>all<br>the rest</p></blockquote>"),
        ("x ```\n*as* it <is>\n``` y", "<p>x </p><pre>*as* it &lt;is&gt;</pre><p> y</p>"),
    ],
)
def test_paragraphs_quotes_and_fences(text, shown):
    assert str(mrkdwn(text, NAMES)) == shown


SMUGGLED = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<javascript:alert(1)|press>",
    "<JavaScript:alert(1)>",
    "<data:text/html,x|press>",
    "<vbscript:x|press>",
    '<https://a.example" onmouseover="alert(1)|x>',
    "<https://a.example|<b>x</b>>",
    '<@U0" onclick="alert(1)>',
    '<!here"><script>|x>',
    "```</pre><script>alert(1)</script>```",
    "`</code><script>`",
    "*<script>*",
    "\ue0000\ue001 \ue00099\ue001",
    "<https://a.example|\ue0000\ue001>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    'https://a.example/"onclick=alert(1)',
    "<https://a.example/[1]|see> https://a.example/x [2] [1]y",
    ":<script>:",
]
ALLOWED = re.compile(
    r"</?(?:p|b|i|s|u|code|pre|blockquote|br|em|strong|ul|ol|li|h[1-6]|hr|table|thead|tbody|tr|th|td|del)>"
    r'|<span class="(?:at|image|cite|vh)">|</span>|</a>'
    r'|<a href="(?:https?://|mailto:|tel:)[^"<>]*" target="_blank" rel="noopener noreferrer">'
    r'|<a target="_blank" rel="noopener noreferrer" href="(?:https?://|mailto:|tel:)[^"<>]*"(?: title="[^"<>]*")?>'
    r'|<p class="led">|<(?:ul|ol) class="list indent-\d"(?: start="\d+")?>'
)


def is_harmless(shown):
    """Whether nothing but our own tags and text is left."""
    rest = ALLOWED.sub("", str(shown))
    return "<" not in rest and ">" not in rest


@pytest.mark.parametrize("text", SMUGGLED)
def test_what_is_smuggled_into_a_message_stays_text(text):
    assert is_harmless(mrkdwn(text, {"U0MAYA": "<script>"}))
    assert is_harmless(sources(mrkdwn(text, NAMES)))
    assert is_harmless(with_citations(markdown(text)))
    assert is_harmless(plain(text))
    assert is_harmless(markdown(text))


@pytest.mark.parametrize("text", SMUGGLED)
def test_what_is_smuggled_into_rich_text_stays_text(text):
    parts = [
        {"type": "text", "text": text, "style": {"bold": True, "code": True}},
        {"type": "link", "url": text, "text": text},
        {"type": "link", "url": text},
        {"type": "user", "user_id": text},
        {"type": "channel", "channel_id": text},
        {"type": "emoji", "name": text},
        {"type": "date", "timestamp": 1, "format": "x", "fallback": text},
    ]
    section = {"type": "rich_text_section", "elements": parts}
    block = {
        "elements": [
            section,
            {"type": "rich_text_quote", "elements": parts},
            {"type": "rich_text_preformatted", "elements": parts},
            {"type": "rich_text_list", "style": "ordered", "offset": 2, "indent": 1, "elements": [section]},
        ]
    }
    assert is_harmless(rich_text(block, NAMES))


@pytest.mark.parametrize(
    "text",
    [
        "[press](javascript:alert(1))",
        "<javascript:alert(1)>",
        '[x](https://a.example "t" onclick="alert(1)")',
        '![a" onerror="alert(1)](https://a.example/x.png)',
        "![alt](javascript:alert(1))",
        "<div onclick=alert(1)>x</div>",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_markdown_has_no_html_no_scripts_and_no_pictures(text):
    assert is_harmless(markdown(text))
    assert "<img" not in markdown(text)


def test_markdown_is_markdown():
    shown = str(markdown("# Fee\n\n**bold** ~~gone~~\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |"))
    for piece in ("<h1>Fee</h1>", "<strong>bold</strong>", "<s>gone</s>", "<li>a</li>", "<td>1</td>"):
        assert piece in shown


def test_a_quote_is_a_paragraph_a_line_with_its_citations_boxed():
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "One. [1]\n\nTwo."}]}
    shown = rich_text({"elements": [quote]}, NAMES)
    box = '<span class="cite"><span class="vh">[</span>1<span class="vh">]</span></span>'
    assert str(shown) == f"<blockquote><p>One. {box}</p><p>Two.</p></blockquote>"
    assert words(shown) == "One. [1]\nTwo."


@pytest.mark.parametrize("text", ["serials[1]", "<https://a.example/[1]|x>", "[a]", "[123]"])
def test_not_every_bracket_is_a_citation(text):
    assert 'class="cite"' not in with_citations(mrkdwn(text, NAMES))


def test_the_citation_that_leads_a_source_is_set_in_the_margin():
    shown = str(sources(mrkdwn("[1] Equipment returns\nsee [2]", NAMES)))
    assert shown.count('<p class="led">') == 1
    assert shown.count('class="cite"') == 2


def test_a_nested_list_is_indented_and_goes_on_counting():
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]
    nested = {"type": "rich_text_list", "style": "ordered", "indent": 1, "offset": 2, "elements": items}
    assert str(rich_text({"elements": [nested]}, NAMES)) == '<ol class="list indent-1" start="3"><li>x</li></ol>'
