"""files.*: what the app uploads, in the three steps of Slack's second way."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.methods.call import Call, Method

Json = dict[str, Any]


def get_upload_url(call: Call) -> Json:
    """An address that takes the bytes of one file, once."""
    name = call.arguments.needed("filename")
    try:
        length = int(call.arguments.needed("length"))
    except ValueError:
        raise SlackError("invalid_arguments", messages=("[ERROR] length must be a number",)) from None
    file_id, secret = call.workspace.uploads.offer(name, length, call.arguments.text("alt_txt"))
    return {"file_id": file_id, "upload_url": f"{call.workspace.address}/upload/{secret}"}


def complete_upload(call: Call) -> Json:
    """What was uploaded is a file now. Sharing it in a channel is left to the message that shows it."""
    given = call.arguments.structure("files", broken="invalid_arguments")
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) and one.get("id") for one in given):
        raise SlackError("invalid_arguments", messages=("[ERROR] files must name an id each",))
    if call.arguments.text("channel_id") or call.arguments.text("channels"):
        raise SlackError("method_not_supported_here", messages=("[ERROR] post a message with an image block instead",))
    uploads, installation = call.workspace.uploads, call.workspace.installation
    done = [uploads.complete(str(one["id"]), str(one.get("title", ""))) for one in given]
    shown = [
        one.shown(user=call.bot.user_id, team_id=installation.team.id, address=call.workspace.address) for one in done
    ]
    return {"files": shown}


METHODS: Mapping[str, Method] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
}
