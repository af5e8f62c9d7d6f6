"""What a form sent, and whether this session's page made it. Nothing else reads one."""

import hmac
from collections.abc import Mapping

from starlette.requests import Request

from bot.visits import visiting
from bot.web import cookies
from bot.web.faults import FormStale

SESSION = "throughline"
# The field that proves it.
PROOF = "form"
MOST_FIELDS = 12


def token_of(request: Request) -> str:
    """The secret of the session, "" where there is none."""
    return cookies.read(request, SESSION)


async def read(request: Request) -> Mapping[str, str]:
    """The fields, whoever sent them: for the one form of somebody who is not signed in."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


async def own(request: Request) -> Mapping[str, str]:
    """The fields of a form that this session's page made. Raises `FormStale` for any other."""
    fields, token = await read(request), token_of(request)
    if not token or not hmac.compare_digest(fields.get(PROOF, "").encode(), visiting.form_token(token).encode()):
        raise FormStale
    return fields
