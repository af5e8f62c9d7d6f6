"""Markdown (CommonMark with tables) -> sections."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.retrieval.documents import BlockKind
from bot.retrieval.readers import html
from bot.retrieval.readers.hidden import Hiding
from bot.retrieval.readers.outline import Body, Outline, table_lines
from bot.retrieval.readers.styles import without
from bot.retrieval.readers.veil import empty_hidden

# Site generators (Jekyll, Eleventy, Hugo) leave their own marks in Markdown. A mark as a link's target keeps the link
# a link; any other mark is machinery, not text.
# The lengths keep a page of nothing but opening marks from being searched to its end for each of them.
_LINK_MARK = re.compile(r"\]\(\s{0,9}\{[%{][^}\n\"']{0,80}[\"']([^\"'\n]{0,500})[\"'][^}\n]{0,80}[%}]\}\s{0,9}\)")
# How site generators write the name of a Slack channel; other marks between the words say how a page looks.
_CHANNEL_MARK = re.compile(r"\{%[ \t]{0,9}\w{0,40}channel\w{0,40}[ \t]{1,9}[\"']#?([\w-]{1,80})[\"'][ \t]{0,9}%\}")
_ATTRIBUTES = re.compile(r"\{:[^}\n]{0,200}\}")
_MARKS = (("{%", "%}"), ("{{", "}}"))


@dataclass(frozen=True, slots=True)
class _Words:
    """Plain words, how many characters of them are link labels, and how many links there are."""

    text: str = ""
    linked: int = 0
    links: int = 0


def read(text: str) -> Body:
    """The first top heading and the sections of a Markdown text."""
    plain = _LINK_MARK.sub(lambda found: f"](<{found[1]}>)", without(text, "<!--", "-->"))
    plain = _CHANNEL_MARK.sub(lambda found: f"#{found[1]}", plain)
    for opening, closing in _MARKS:
        plain = without(plain, opening, closing)
    plain = _ATTRIBUTES.sub("", plain)
    parser = MarkdownIt("commonmark").enable("table")
    outline = Outline()
    hiding = Hiding(plain)
    tokens = _with_whole_html(parser.parse(plain))
    empty_hidden(tokens, hiding)
    _walk(SyntaxTreeNode(tokens).children, outline, hiding)
    return Body(outline.title, outline.sections(), tuple(hiding.remarks()))


def _with_whole_html(tokens: list[Token]) -> list[Token]:
    """HTML goes on where an empty line stands in the middle of it, even if what follows is indented as code is."""
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined and joined[-1].type == "html_block" else None
        goes_on = token.type == "html_block" or (token.type == "code_block" and token.content.lstrip().startswith("<"))
        if before and goes_on:
            before.content = f"{before.content}\n{token.content}"
        else:
            joined.append(token)
    return joined


def _walk(nodes: Iterable[SyntaxTreeNode], outline: Outline, hiding: Hiding) -> None:
    for node in nodes:
        match node.type:
            case "heading":
                outline.heading(int(node.tag[1]), _words(node).text)
            case "paragraph":
                words = _words(node)
                outline.paragraph(words.text, linked=words.linked, links=words.links)
            case "bullet_list" | "ordered_list":
                items = [_item(item) for item in node.children]
                kind = BlockKind.BULLETS if node.type == "bullet_list" else BlockKind.STEPS
                whole = _joined(items)
                outline.lines(kind, [item.text for item in items], linked=whole.linked, links=whole.links)
            case "table":
                outline.lines(BlockKind.TABLE, table_lines(_rows(node)))
            case "fence" | "code_block":
                outline.lines(BlockKind.PARAGRAPH, [" ".join(line.split()) for line in node.content.splitlines()])
            case "html_block":
                html.add_fragment(node.content, outline, hiding)
            case "blockquote":
                _walk(node.children, outline, hiding)
            case _:
                pass  # rules and link definitions hold no text


def _item(node: SyntaxTreeNode) -> _Words:
    """One list item as one line: lists inside it follow its words, so that a step keeps its conditions."""
    return _joined([_part(child) for child in node.children])


def _part(node: SyntaxTreeNode) -> _Words:
    match node.type:
        case "bullet_list" | "ordered_list":
            inner = [_item(item) for item in node.children]
            whole = _joined(inner)
            return replace(whole, text="; ".join(item.text.rstrip(";.") for item in inner if item.text) + ".")
        case "fence" | "code_block":
            return _Words(" ".join(node.content.split()))
        case "table":
            return _Words("; ".join(table_lines(_rows(node))))
        case _:
            return _words(node)


def _rows(table: SyntaxTreeNode) -> list[list[str]]:
    return [[_words(cell).text for cell in row.children] for part in table.children for row in part.children]


def _words(node: SyntaxTreeNode) -> _Words:
    parts = [_inline(inline) for inline in node.walk() if inline.type == "inline"]
    return _joined(parts)


def _inline(node: SyntaxTreeNode) -> _Words:
    match node.type:
        case "text" | "code_inline" | "image":
            return _Words(node.content)
        case "softbreak" | "hardbreak":
            return _Words(" ")
        case "html_inline":
            # A footnote's number must not grow the sum before it: $50<sup>1</sup> is not $501.
            return _Words(" " if node.content.lower().startswith(("<br", "<sup", "<sub")) else "")
        case "link":
            label = _joined([_inline(child) for child in node.children], between="")
            return _Words(label.text, linked=len(label.text), links=1)
        case _:
            return _joined([_inline(child) for child in node.children], between="")


def _joined(parts: list[_Words], between: str = " ") -> _Words:
    text = between.join(part.text for part in parts if part.text)
    return _Words(
        " ".join(text.split()) if between else text,
        linked=sum(part.linked for part in parts),
        links=sum(part.links for part in parts),
    )
