"""Who reported, kept so that only the bot can tell: sealed for the confidential, a bare mark for the anonymous.

The key is not in the database, so whoever has only that learns nobody's name. Whoever has both could try every
employee against the marks of a ticket that is still open; when it ends its secret goes, and then nobody can.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import SettingsError
from bot.friction.kinds import Privacy

# No 0, O, 1, I: people read it from a screen and type it.
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Sealer:
    """`key` is 32 bytes in URL-safe base64, as Fernet takes it."""

    key: bytes

    @classmethod
    def of(cls, key: str, data_dir: Path) -> "Sealer":
        """With the key of the setting, else with that of a file that is made once. Raises `SettingsError`."""
        if not key:
            key = _own_key(data_dir / "reporters.key")
        try:
            Fernet(key)
        except ValueError:
            raise SettingsError(
                "REPORTER_KEY is no key. Make one: "
                'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from None
        return cls(key.encode())

    def handle(self, person: str, workspace: str, *, secret: str = "") -> str:
        """What tells reporters apart: the same on every ticket, or, with the secret of a ticket, on that one alone."""
        told = f"reporter\0{secret}\0{workspace}\0{person}"
        return hmac.new(self.key, told.encode(), hashlib.sha256).hexdigest()

    def reached(self, person: str, privacy: Privacy) -> str:
        """How the reporter is reached later: by the id, by a sealed one, or not at all."""
        if privacy is Privacy.ANONYMOUS:
            return ""
        return person if privacy is Privacy.NAMED else Fernet(self.key).encrypt(person.encode()).decode()

    def person(self, reached: str, privacy: Privacy) -> str:
        """Whom to write to; "" for nobody, and where the key is another one."""
        return self.opened(reached) if privacy is Privacy.CONFIDENTIAL else reached

    def opened(self, sealed: str) -> str:
        """What is sealed; "" where the key is another one."""
        with suppress(InvalidToken):
            return Fernet(self.key).decrypt(sealed.encode()).decode()
        return ""

    def code(self, form: str) -> str:
        """The claim code of a form that was sent, by its id: shown before the report is filed, and the same again."""
        drawn = hmac.new(self.key, f"code\0{form}".encode(), hashlib.sha256).digest()
        return _written("".join(_LETTERS[byte % len(_LETTERS)] for byte in drawn[:_CODE_LETTERS]))

    def claim(self, code: str) -> str:
        """What is kept of a code: nobody can tell the code from it."""
        plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
        return hmac.new(self.key, f"claim\0{plain}".encode(), hashlib.sha256).hexdigest() if plain else ""


def _written(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LETTERS, 4))


def new_code() -> str:
    """A claim code: "7KQM-X2RD-9HWP"."""
    return _written("".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS)))


def new_secret() -> str:
    return secrets.token_hex(32)


def _own_key(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):  # another process was first
        # Written beside and linked, so that nobody ever reads half a key.
        made = file.with_name(f".{file.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_bytes(Fernet.generate_key())
        try:
            os.link(made, file)
        finally:
            made.unlink()
    return file.read_text(encoding="ascii").strip()
