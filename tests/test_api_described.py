"""What OpenAPI says of the interface is what it does: requests made from the description, answers held against it."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
import schemathesis
from bot.web.api.operations import OPERATIONS
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema

import api_worlds
from api_worlds import NOW, Company
from thorough import cases

PATHS = [one.path for one in OPERATIONS]
# As described, and not as described: both are asked of each address.
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
tried = settings(
    max_examples=cases(4, thoroughly=100),
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with api_worlds.opened(tmp_path_factory.mktemp("described")) as opened:
        yield opened


@pytest.fixture(scope="module")
def schema(company: Company) -> BaseSchema:
    """Of the document that is served."""
    served = httpx.get(f"{company.page.address}/api/v1/openapi.json").json()
    found = schemathesis.openapi.from_dict(served)
    found.config.update(base_url=f"{company.page.address}/api/v1")
    return found


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_every_address_answers_as_it_is_described(
    company: Company, schema: BaseSchema, path: str, mode: GenerationMode
) -> None:
    shown, seen = {"Authorization": f"Bearer {company.token()}"}, set()

    @tried
    @given(case=schema[path]["GET"].as_strategy(generation_mode=mode))
    def answers(case: Case) -> None:
        # No route of Starlette's matches a line break: it answers by itself that there is nothing.
        assume("\n" not in str(case.path_parameters))
        # So that nobody waits for the limit of a minute; back at the end, before the token is over.
        company.now += timedelta(seconds=10)
        seen.add(case.call_and_validate(headers=shown).status_code)

    try:
        answers()
    finally:
        company.now = NOW
    # As described, a ticket or a tool may still not be there; not as described, the token may be none either.
    assert seen <= ({200, 404} if mode is GenerationMode.POSITIVE else {200, 400, 401, 404})
