"""Faults that a person can mend. Each message names the fault, the thing at fault and the next step."""

import yaml


class ThroughlineError(Exception):
    """Shown as it stands, without a traceback, at the border where it ends: a terminal or a Slack reply."""


class SettingsError(ThroughlineError):
    """A setting or a file of `config/` is missing, half-set or malformed."""


class DatabaseUnavailable(ThroughlineError):
    """The database server cannot be reached, refuses us, or holds tables that this version does not know."""


class StorageFault(ThroughlineError):
    """The database file cannot be written, or not be read; what was committed before is as it was."""


class TokenRefused(Exception):
    """Slack does not take the token of a workspace; the message is Slack's own word for why."""


class NotAttendedYet(ThroughlineError):
    """The bot is installed in a workspace, and not at work there at the moment."""


class NotInstalled(ThroughlineError):
    """The bot is not in that workspace."""


class TransferRefused(ThroughlineError):
    """The data cannot be copied into that database; neither database was changed."""


class KnowledgeError(ThroughlineError):
    """The knowledge folder cannot be indexed; the index that was there goes on answering."""


class IndexMissing(ThroughlineError):
    """Nothing has been indexed yet, so no question can be answered."""


class ModelMissing(ThroughlineError):
    """The embedding model cannot be loaded."""


class RolledBack(ThroughlineError):
    """Pages that were rolled back from are about to go live again."""


class Overtaken(ThroughlineError):
    """The live knowledge became another one while a new state of it was made, which was taken out again."""


class NothingToGoBackTo(ThroughlineError):
    """There is no earlier state of the knowledge to make live again."""


class ExportFailed(Exception):
    """A model has no graph for ONNX Runtime; it runs in sentence-transformers instead."""


class UnknownPerson(ThroughlineError):
    """Nobody in `config/people.yaml` goes by that name."""


class PeopleUnknown(ThroughlineError):
    """Slack does not say who somebody is or who reads along, so nobody knows what may be shown."""


class CurationError(ThroughlineError):
    """What somebody asked to be done to the knowledge cannot be done as they put it."""


class NoSuchMessage(ThroughlineError):
    """No message of that number is among the ones that could not be delivered."""


class NotAllowed(ThroughlineError):
    """Only somebody with another role may do that."""


class AuditRefused(ThroughlineError):
    """What somebody asked of the audit cannot be told as they put it; nothing of it was shown."""


class AuditBroken(ThroughlineError):
    """A row of the audit is not as it was written, or is gone."""


class SlackLost(ThroughlineError):
    """Slack was not heard for so long that a fresh process is the better one."""


class RequestRefused(ThroughlineError):
    """A request to people cannot be made, or not be changed, as somebody asked."""


class ReviewError(ThroughlineError):
    """A proposed page cannot be published, or not be decided on; it is as it was."""


class AlreadyRunning(ThroughlineError):
    """Another Throughline holds this data folder, or is at the same work."""


class EvaluationError(ThroughlineError):
    """A file of an evaluation set is missing or is not in the BEIR layout."""


class ImportRefused(ThroughlineError):
    """A file of customers or interactions cannot be imported; what was imported before is as it was."""


class ErasureUnfinished(ThroughlineError):
    """Somebody was erased, and it is not proven yet; the message says what is in the way."""


class IdentityError(ThroughlineError):
    """Customers cannot be merged, split or told apart as somebody asked."""


class NoSuchCustomer(ThroughlineError):
    """The customer was erased, or their source deleted them."""


class EntryRefused(ThroughlineError):
    """A note, promise or step of a customer's cannot be written or changed like that; the message says what to do."""


class NotOnTheMap(ThroughlineError):
    """Nothing of that name is on the touchpoint map."""


class Unreadable(Exception):
    """One page could not be read; the reason goes into the reindex report and the other pages go on."""


def line_at_fault(fault: yaml.MarkedYAMLError) -> int:
    """Where to mend a YAML text, counted from 0: for a quote or a bracket left open, where it was opened."""
    left_open = (fault.context or "").startswith(("while scanning", "while parsing a flow"))
    mark = fault.context_mark if left_open and fault.context_mark else fault.problem_mark
    return mark.line if mark else 0


class ThemesNotMade(Exception):
    """The process that makes themes failed or was ended; the message says why. All is as it was."""


class MoveRefused(ThroughlineError):
    """A ticket of friction cannot become that, or not by this person, or not without saying more; it is as it was."""


class NoSuchTicket(ThroughlineError):
    """There is no ticket of friction with that key, or none that this person may see."""


class TokenNotMade(ThroughlineError):
    """No token was made, as somebody put it."""


class NoSuchPage(ThroughlineError):
    """There is no page of that name, or none that this person may read."""


class UnknownFilter(ThroughlineError):
    """A list was asked for by a word that nothing is called by."""


class SteeringRefused(ThroughlineError):
    """What a lead wants to write down cannot be kept as they put it; the message says what to do."""
