"""A picture for a message: uploaded first, shown to nobody until the message shows it. Only delivery asks for it."""

from collections import OrderedDict
from threading import Lock
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from slack_sdk import WebClient

# Where Slack takes files.
FILES = "files.slack.com"
TIMEOUT_SECONDS = 20
# Of messages that are being tried: their picture is not uploaded a second time.
_REMEMBERED = 50


class UntrustedAddress(ValueError):
    """Slack named an address for the upload that is not Slack's."""


class Pictures:
    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._lock = Lock()
        self._known: OrderedDict[str, str] = OrderedDict()

    def upload(self, picture: bytes, *, name: str, alt: str, token: str) -> str:
        """The id of the file at Slack; of the same one where this message's was uploaded before.

        Raises what Slack's client raises, OSError, and `UntrustedAddress`.
        """
        with self._lock:
            known = self._known.get(token)
        if known:
            return known
        offered = self._client.files_getUploadURLExternal(filename=name, length=len(picture), alt_txt=alt)
        address = str(offered["upload_url"])
        if not self._trusted(address):
            raise UntrustedAddress("the address for the upload is not Slack's")
        sent = Request(address, data=picture, headers={"Content-Type": "application/octet-stream"}, method="POST")  # noqa: S310 - of Slack, as checked
        with urlopen(sent, timeout=TIMEOUT_SECONDS):  # noqa: S310 - as above
            pass
        file = str(offered["file_id"])
        self._client.files_completeUploadExternal(files=[{"id": file, "title": name}])
        with self._lock:
            self._known[token] = file
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return file

    def _trusted(self, address: str) -> bool:
        """Slack's own host, by TLS; or the one that is spoken to in its place."""
        parts, api = urlsplit(address), urlsplit(self._client.base_url)
        return (parts.scheme, parts.netloc) in {("https", FILES), (api.scheme, api.netloc)}
