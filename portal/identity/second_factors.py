"""The second factors as we want them: codes that work once, recovery codes that only their owner knows, passkeys for both steps."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import segno
from flask import session
from flask_security import MfRecoveryCodesUtil, Totp, WebauthnUtil
from passlib.exc import UsedTokenError
from passlib.totp import TOTP, AppWallet, TotpMatch
from sqlalchemy import or_, update
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, ResidentKeyRequirement, UserVerificationRequirement

from portal.extensions import db
from portal.identity.happenings import warn
from portal.identity.locking import lock
from portal.models.people import User, WebAuthn


def named(keys: list[str]) -> dict[str, str]:
    """The vault's keys, newest first, each under a name of its own that stays when others come and go.

    The numbers after them are how keys were named before; the last of the list was "1".
    """
    own = {hashlib.sha256(key.encode()).hexdigest()[:12]: key for key in keys}
    return own | {str(len(keys) - n): key for n, key in enumerate(keys)}


class AuthenticatorApp(Totp):
    """Time-based codes; one that was taken is not taken again. The first of the secrets encrypts, all of them decrypt."""

    def __init__(self, secrets: dict[str, str] | dict[int, str], issuer: str) -> None:
        super().__init__(secrets, issuer)
        self._totp = TOTP.using(issuer=issuer, wallet=AppWallet(secrets, default_tag=next(iter(secrets))))

    def renewed(self, kept: str) -> str | None:
        """A person's stored secret, encrypted with the newest key; None when it is so already.

        Raises KeyError when its key is none of ours.
        """
        secret = self._totp.from_source(kept)
        return str(secret.to_json(encrypt=True)) if secret.changed else None

    def generate_qrcode(self, username: str, totp: str) -> str:
        return str(segno.make(self.get_totp_uri(username, totp)).svg_data_uri(scale=5, border=3, light="#fff"))

    def generate_recovery_codes(self, number: int) -> list[str]:
        """80 bits each, so that a plain hash keeps them."""
        return [_in_fours(base64.b32encode(secrets.token_bytes(10)).decode().lower()) for _ in range(number)]

    def get_last_counter(self, user: Any) -> int | None:
        counter: int | None = user.tf_last_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Of two requests with the same code, the database lets one through."""
        unused = or_(User.tf_last_counter.is_(None), User.tf_last_counter < tmatch.counter)
        taking = update(User).where(User.id == user.id, unused).values(tf_last_counter=tmatch.counter)
        if not db.session.execute(taking).rowcount:  # type: ignore[attr-defined]  # an update's result has it
            raise UsedTokenError


class RecoveryCodes(MfRecoveryCodesUtil):
    """Only hashes are kept: the codes are seen once, when they are made."""

    def create_recovery_codes(self, user: Any) -> list[str]:
        warn(user, "made new recovery codes")
        return super().create_recovery_codes(user)

    def get_recovery_codes(self, user: Any) -> list[str]:
        return []

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """The row is locked until the code is deleted, so that it works once."""
        lock(user)
        return hashed(code) in (user.mf_recovery_codes or [])

    def delete_recovery_code(self, user: Any, code: str) -> bool:
        user.mf_recovery_codes = [kept for kept in user.mf_recovery_codes or [] if kept != hashed(code)]
        return True

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        return [hashed(code) for code in codes]


class Passkeys(WebauthnUtil):
    """Every passkey serves as the second step, and alone where its owner showed a finger or a PIN."""

    def generate_challenge(self, nbytes: int | None = None) -> str:
        """Bound to this browser: an answer counts only where the question was asked."""
        session["passkey_challenge"] = secrets.token_urlsafe(nbytes or 32)
        return str(session["passkey_challenge"])

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        )

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        if usage == ["first"]:
            return UserVerificationRequirement.REQUIRED
        return UserVerificationRequirement.PREFERRED


def hashed(code: str) -> str:
    """However it is typed: capitals, spaces and hyphens do not matter."""
    plain = "".join(char for char in code.casefold() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _in_fours(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person's security page says about the second step."""

    app: bool
    passkeys: list[WebAuthn]
    codes: int
    """Recovery codes that are left."""

    @property
    def on(self) -> bool:
        return self.app or bool(self.passkeys)


def factors(user: User) -> Factors:
    return Factors(bool(user.tf_primary_method), list(user.webauthn), len(user.mf_recovery_codes or []))
