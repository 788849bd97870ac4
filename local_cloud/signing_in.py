"""Checks a login as Snowflake does: password, JWT of a key pair, access token, OAuth token.

Two kinds of users: the one of the settings, who is the administrator, and those of the account.
The codes and words of a refusal are Snowflake's.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from inmet_platform.config.settings import Settings
from local_cloud.access.grants import ADMIN, Grants
from local_cloud.access.objects import Caller
from local_cloud.account import Account, fingerprint
from local_cloud.statement import options_after, words_of

_PASSWORD = ("390100", "Incorrect username or password was specified.")
_JWT = ("390144", "JWT token is invalid.")
_TOKEN = ("394400", "Programmatic access token is invalid.")
_OAUTH = ("390303", "Invalid OAuth access token.")

Refusal = tuple[str, str]

_ALGORITHM_OF_CURVE = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class SigningIn:
    """Who may come in."""

    def __init__(self, settings: Settings, account: Account, grants: Grants) -> None:
        """Keep them; the settings' own key is read once."""
        self._settings, self._account, self._grants = settings, account, grants
        self._own_key = _public_key_of(settings)
        self._access_tokens: set[str] = set()

    def refusal(self, data: dict[str, Any], role: str | None) -> Refusal | None:
        """Why a login is refused; None when it is right."""
        user = str(data.get("LOGIN_NAME") or "").upper()
        token = str(data.get("TOKEN") or "")
        match str(data.get("AUTHENTICATOR") or "").upper():
            case "SNOWFLAKE_JWT":
                refused = None if self._is_signed(user, token) else _JWT
            case "PROGRAMMATIC_ACCESS_TOKEN":
                refused = None if self._is_known_token(user, token) else _TOKEN
            case "OAUTH":
                refused = None if token in self._access_tokens else _OAUTH
            case _:
                password = str(data.get("PASSWORD") or "")
                refused = None if self._is_password(user, password) else _PASSWORD
        return refused or self._role_refusal(user, role)

    def access_token(self, client_id: str, client_secret: str) -> str | None:
        """A new OAuth access token for the client of the settings; None for another."""
        secret = self._settings.snowflake_oauth_client_secret
        right = (
            secret is not None
            and client_id == self._settings.snowflake_oauth_client_id
            and secrets.compare_digest(client_secret, secret.get_secret_value())
        )
        if not right:
            return None
        token = secrets.token_urlsafe(32)
        self._access_tokens.add(token)
        return token

    def _is_admin(self, user: str) -> bool:
        return user == self._settings.snowflake_user.upper()

    def _is_password(self, user: str, given: str) -> bool:
        password = self._settings.snowflake_password
        return (
            self._is_admin(user)
            and password is not None
            and secrets.compare_digest(given.encode(), password.get_secret_value().encode())
        )

    def _is_known_token(self, user: str, given: str) -> bool:
        own = self._settings.snowflake_token
        if self._is_admin(user) and own and secrets.compare_digest(given, own.get_secret_value()):
            return True
        digest = hashlib.sha256(given.encode()).hexdigest()
        return digest in self._account.users.get(user, {}).get("tokens", {}).values()

    def _is_signed(self, user: str, token: str) -> bool:
        keys = list(self._account.users.get(user, {}).get("keys", {}).values())
        if self._is_admin(user) and self._own_key:
            keys.append(self._own_key)
        subject = f"{self._settings.snowflake_account.partition('.')[0].upper()}.{user}"
        return any(_verifies(token, key, subject) for key in keys)

    def caller(self, user: str, role: str | None, warehouse: str | None) -> Caller:
        """Who has signed in, with the role and the warehouse that were asked for or are theirs.

        Args:
            user: as signed in with.
            role: of the login; the user's DEFAULT_ROLE without one, if it is granted, or PUBLIC.
            warehouse: of the login; the user's DEFAULT_WAREHOUSE without one.
        """
        user = user.upper()
        known = self._account.users.get(user, {})
        defaults = dict(options_after(words_of(known.get("options", ""))))
        chosen = (role or defaults.get("DEFAULT_ROLE") or "PUBLIC").upper()
        if not role and self._is_admin(user):
            chosen = ADMIN
        elif not self._may_take(user, chosen):
            chosen = "PUBLIC"
        house = warehouse or defaults.get("DEFAULT_WAREHOUSE")
        return Caller(user, chosen, house.upper() if house else None)

    def _may_take(self, user: str, role: str) -> bool:
        own = [ADMIN] if self._is_admin(user) else []
        granted = [*own, *self._account.users.get(user, {}).get("roles", [])]
        return any(role in self._grants.roles_of(one) for one in ["PUBLIC", *granted])

    def _role_refusal(self, user: str, role: str | None) -> Refusal | None:
        if role is None or self._may_take(user, role.upper()):
            return None
        return (
            "390189",
            f"Role '{role.upper()}' specified in the connect string is not granted to this user. "
            "Contact your local system administrator, or attempt to login with another role.",
        )


def _verifies(token: str, key: str, subject: str) -> bool:
    public: Any = load_der_public_key(base64.b64decode(key))
    curve = getattr(public, "curve", None)
    algorithm = _ALGORITHM_OF_CURVE.get(curve.name) if curve else "RS256"
    if algorithm is None or not (curve or isinstance(public, RSAPublicKey)):
        return False
    try:
        claims = jwt.decode(
            token,
            public,
            algorithms=[algorithm],
            subject=subject,
            issuer=f"{subject}.{fingerprint(key)}",
            options={"require": ["exp", "iat", "iss", "sub"]},
        )
    except jwt.InvalidTokenError:
        return False
    return int(claims["exp"]) - int(claims["iat"]) <= 3600


def _public_key_of(settings: Settings) -> str | None:
    if not settings.snowflake_private_key_path:
        return None
    secret = settings.snowflake_private_key_password
    key = load_pem_private_key(
        settings.snowflake_private_key_path.read_bytes(),
        secret.get_secret_value().encode() if secret else None,
    )
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()
