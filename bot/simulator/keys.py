"""The workspace lets anyone be anyone, so it does not run beside the keys to a real one."""

from collections.abc import Mapping

from bot.simulator.errors import RealTokens

LOCAL_BOT = "xoxb-local-"
LOCAL_APP = "xapp-1-local-"
# Where a bot of this project, and most others, keep the keys to Slack.
VARIABLES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_USER_TOKEN", "SLACK_TOKEN")
_SLACKS = ("xoxb-", "xoxp-", "xoxa-", "xoxe", "xapp-")


def is_real(token: str) -> bool:
    """Whether this may open a real workspace."""
    return token.startswith(_SLACKS) and not token.startswith((LOCAL_BOT, LOCAL_APP))


def check_keys(environment: Mapping[str, str]) -> None:
    """Raise RealTokens where a key to a real workspace lies about."""
    found = [name for name in VARIABLES if is_real(environment.get(name, "").strip())]
    if found:
        names = " and ".join(found)
        raise RealTokens(
            f"{names}: this may open a real Slack. The local workspace lets anyone be anyone, so it does not run "
            f"beside it. Unset {names}, or run the bot in that Slack."
        )
