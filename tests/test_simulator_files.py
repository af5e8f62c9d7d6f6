"""A picture that the app uploads, in Slack's three steps with Slack's own client, and shows in a message."""

import httpx
import pytest
from bot.simulator import LocalSlack, Workspace
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

pytest_plugins = ["simulator_fixtures"]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def offered(client: WebClient, *, name: str = "week.png", length: int = len(PNG)) -> tuple[str, str]:
    said = client.files_getUploadURLExternal(filename=name, length=length, alt_txt="a chart")
    return said["file_id"], said["upload_url"]


def showing(file: str) -> list[dict[str, object]]:
    return [{"type": "image", "slack_file": {"id": file}, "alt_text": "Hours lost by tool"}]


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return refused.value.response["error"]


def test_an_uploaded_picture_is_shown_in_a_message(client: WebClient, workspace: Workspace, slack: LocalSlack) -> None:
    file, address = offered(client)
    assert httpx.post(address, content=PNG).status_code == 200
    done = client.files_completeUploadExternal(files=[{"id": file, "title": "Week 47"}])
    assert done["files"][0]["title"] == "Week 47"
    client.chat_postMessage(channel="C0HARBOUR", text="the week", blocks=showing(file))
    assert httpx.get(f"{slack.url}files/{file}").content == PNG
    page = httpx.get(f"{slack.url}?as=U0SAM&channel=C0HARBOUR").text
    assert f'<img class="image" src="/files/{file}" alt="Hours lost by tool">' in page


def test_a_file_that_was_not_sent_or_not_completed_is_none(client: WebClient) -> None:
    file, address = offered(client)
    assert error_of(client.files_completeUploadExternal, files=[{"id": file}]) == "file_not_found"
    httpx.post(address, content=PNG)
    shown = {"channel": "C0HARBOUR", "text": "x", "blocks": showing(file)}
    assert error_of(client.chat_postMessage, **shown) == "invalid_blocks"
    client.files_completeUploadExternal(files=[{"id": file}])
    client.chat_postMessage(**shown)
    assert error_of(client.chat_postMessage, **shown | {"blocks": showing("F0NONE")}) == "invalid_blocks"


def test_an_address_takes_what_was_announced_and_once(client: WebClient) -> None:
    _, address = offered(client)
    assert httpx.post(address, content=PNG + b"more").status_code == 400
    assert httpx.post(address, content=PNG).status_code == 200
    assert httpx.post(address, content=PNG).status_code == 400
    assert httpx.post(f"{address}x", content=PNG).status_code == 400


def test_what_is_no_picture_is_not_shown_as_one(client: WebClient) -> None:
    file, address = offered(client, name="list.csv")
    httpx.post(address, content=PNG)
    client.files_completeUploadExternal(files=[{"id": file}])
    assert error_of(client.chat_postMessage, channel="C0HARBOUR", text="x", blocks=showing(file)) == "invalid_blocks"


@pytest.mark.parametrize("arguments", [{"filename": "", "length": 5}, {"filename": "a.png", "length": 0}])
def test_a_file_has_a_name_and_a_length(client: WebClient, arguments: dict[str, object]) -> None:
    assert error_of(client.files_getUploadURLExternal, **arguments) == "invalid_arguments"
