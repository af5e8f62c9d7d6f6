"""Who is in the workspace: teams, people, and the app's own bot user."""

from dataclasses import dataclass

# Slack speaks to people through this user when an app cannot.
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class Team:
    """A Slack workspace: ours, or the one of an outside organization that shares a channel with us."""

    id: str
    name: str
    domain: str
    email_domain: str = ""


@dataclass(frozen=True)
class Person:
    """Someone who types. `guest` is Slack's single-channel guest, who sees only the channels they were put in.

    `admin` is an admin of the workspace, who may install apps there.
    """

    id: str
    name: str
    email: str
    title: str
    team: Team
    guest: bool = False
    deleted: bool = False
    admin: bool = False

    @property
    def first_name(self) -> str:
        """The name a short list can afford."""
        return self.name.split()[0]

    @property
    def handle(self) -> str:
        """Slack's old user name, which slash commands still carry."""
        return self.email.partition("@")[0].replace(".", "")

    @property
    def initials(self) -> str:
        """Two letters for the face beside a message."""
        return "".join(word[0] for word in self.name.split()[:2]).upper()


@dataclass(frozen=True)
class Bot:
    """The app as Slack shows it: one app, one bot, one user that speaks for it."""

    user_id: str
    bot_id: str
    app_id: str
    name: str


@dataclass(frozen=True)
class Installation:
    """The app in its team: what every event and every answer of the Web API names."""

    team: Team
    bot: Bot
