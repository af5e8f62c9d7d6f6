"""What people wrote in Slack, read back for other people."""

import pytest
from bot.handlers.text import meant_for_others, written_in

NAMES = {"U1": "Sam Tran"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("No fee.\nNot even one :+1:", "No fee.\nNot even one :+1:"),
        ("ask <@U1> &amp; wait", "ask @Sam Tran & wait"),
        ("ask <@U1|sam>", "ask @sam"),
        ("see <#C1|returns> and <https://example.org/a|the form>", "see #returns and the form"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("<!here> and <!subteam^S1|@billing>", "@here and @billing"),
        ("&lt;!channel&gt; *bold*", "<!channel> *bold*"),
    ],
)
def test_a_message_reads_as_its_writer_sees_it(sent: str, read: str) -> None:
    assert written_in(sent, name_of=NAMES.__getitem__) == read


@pytest.mark.parametrize(
    ("sent", "for_others"),
    [
        ("(aside) who knows?", True),
        ("(ASIDE) who knows?", True),
        ("<@U2> you do", True),
        ("<@U1> no fee", False),
        ("no fee, <@U2> agrees", False),
    ],
)
def test_words_to_somebody_else_are_not_for_the_asker(sent: str, for_others: bool) -> None:
    assert meant_for_others(sent, but="U1") is for_others
