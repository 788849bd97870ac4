"""What belongs to an account: users with their keys and tokens, roles, storage integrations.

What roles may do is in `access`. Kept as one JSON file.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_public_key
from snowflake.connector.errors import ProgrammingError

KEYS = ("RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2")
IAM_USER_ARN = "arn:aws:iam::000000000000:user/embedded-snowflake"


class Account:
    """The account's objects; every change is written down at once."""

    def __init__(self, path: Path) -> None:
        """Read what is there."""
        self._path = path
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.users: dict[str, dict[str, Any]] = kept.get("users", {})
        self.roles: list[str] = kept.get("roles", [])
        self.integrations: dict[str, dict[str, str]] = kept.get("integrations", {})

    def create_role(self, name: str) -> None:
        """A role, unless it is there."""
        if name.upper() not in self.roles:
            self.roles.append(name.upper())
            self._save()

    def create_user(self, name: str, options: str) -> None:
        """A user, unless there is one."""
        if name.upper() not in self.users:
            self.users[name.upper()] = {"keys": {}, "tokens": {}, "roles": [], "options": options}
            self._save()

    def grant_role(self, role: str, user: str) -> None:
        """A role to a user."""
        roles = self.user(user)["roles"]
        if role.upper() not in roles:
            roles.append(role.upper())
            self._save()

    def revoke_role(self, role: str, user: str) -> None:
        """Take a role from a user."""
        roles = self.user(user)["roles"]
        if role.upper() in roles:
            roles.remove(role.upper())
            self._save()

    def set_key(self, user: str, slot: str, key: str | None) -> None:
        """Set one of a user's two public keys (base64 of DER), or take it away."""
        keys = self.user(user)["keys"]
        keys.pop(slot.upper(), None)
        if key is not None:
            keys[slot.upper()] = _checked_key(key)
        self._save()

    def add_token(self, user: str, name: str) -> str:
        """A new programmatic access token; its secret is told this once."""
        secret = f"pat-{secrets.token_urlsafe(48)}"
        self.user(user)["tokens"][name.upper()] = hashlib.sha256(secret.encode()).hexdigest()
        self._save()
        return secret

    def remove_token(self, user: str, name: str) -> None:
        """Take a token away."""
        if self.user(user)["tokens"].pop(name.upper(), None) is None:
            raise ProgrammingError(msg=f"Token '{name.upper()}' does not exist.", errno=2003)
        self._save()

    def user(self, name: str) -> dict[str, Any]:
        """A user by name.

        Raises:
            ProgrammingError: there is none.
        """
        found = self.users.get(name.upper())
        if found is None:
            raise ProgrammingError(
                msg=f"User '{name.upper()}' does not exist or not authorized.", errno=2003
            )
        return found

    def described_user(self, name: str) -> list[dict[str, Any]]:
        """`DESC USER`: the properties that a rotation of keys looks at."""
        keys = self.user(name)["keys"]
        rows: list[dict[str, Any]] = [{"property": "NAME", "value": name.upper()}]
        for slot in KEYS:
            rows.append({"property": slot, "value": keys.get(slot)})
            rows.append({"property": f"{slot}_FP", "value": fingerprint(keys.get(slot))})
        return rows

    def create_integration(self, name: str, options: dict[str, str]) -> None:
        """A storage integration, unless it is there; without an external id it makes one."""
        if name.upper() not in self.integrations:
            options.setdefault("STORAGE_AWS_EXTERNAL_ID", f"SFC_{secrets.token_hex(8)}")
            self.integrations[name.upper()] = {
                **options,
                "STORAGE_AWS_IAM_USER_ARN": IAM_USER_ARN,
            }
            self._save()

    def integration(self, name: str) -> dict[str, str]:
        """An integration's properties.

        Raises:
            ProgrammingError: there is none.
        """
        found = self.integrations.get(name.upper())
        if found is None:
            raise ProgrammingError(
                msg=f"Integration '{name.upper()}' does not exist or not authorized.", errno=2003
            )
        return found

    def _save(self) -> None:
        kept = {"users": self.users, "roles": self.roles, "integrations": self.integrations}
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        part.replace(self._path)


def fingerprint(key: str | None) -> str | None:
    """`SHA256:…` of a public key, as a JWT's issuer names it."""
    if key is None:
        return None
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return "SHA256:" + base64.b64encode(digest).decode()


def _checked_key(key: str) -> str:
    bare = "".join(key.split())
    try:
        load_der_public_key(base64.b64decode(bare, validate=True))
    except (ValueError, binascii.Error) as error:
        refusal = "New public key rejected by current policy."
        raise ProgrammingError(msg=refusal, errno=390149) from error
    return bare
