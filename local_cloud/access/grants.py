"""Owners, grants and the hierarchy of roles, kept as one JSON file."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from snowflake.connector.errors import ProgrammingError

from local_cloud.access.objects import ANY, Need

ADMIN = "ACCOUNTADMIN"
# What Snowflake gives its own roles, and which of them has which.
GLOBAL = {
    ADMIN: {"CREATE INTEGRATION", "CREATE RESOURCE MONITOR", "MONITOR EXECUTION"},
    "SYSADMIN": {"CREATE DATABASE", "CREATE WAREHOUSE"},
    "SECURITYADMIN": {"MANAGE GRANTS"},
    "USERADMIN": {"CREATE USER", "CREATE ROLE"},
}
HIERARCHY = {ADMIN: ["SYSADMIN", "SECURITYADMIN"], "SECURITYADMIN": ["USERADMIN"]}
SYSTEM_ROLES = {*GLOBAL, "PUBLIC"}


class Grants:
    """What roles have; every change is written down at once."""

    def __init__(self, path: Path) -> None:
        """Read what is there."""
        self._path, self._lock = path, threading.RLock()
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self._owners: dict[str, str] = kept.get("owners", {})
        self._granted: dict[str, dict[str, list[str]]] = kept.get("granted", {})
        self._roles: dict[str, list[str]] = kept.get("roles", {})

    def roles_of(self, role: str) -> set[str]:
        """A role and all that it inherits."""
        found, open_roles = set[str](), [role, "PUBLIC"]
        while open_roles:
            one = open_roles.pop()
            if one not in found:
                found.add(one)
                open_roles += [*HIERARCHY.get(one, []), *self._roles.get(one, [])]
        return found

    def owner(self, kind: str, name: str) -> str:
        """The role that owns an object; the administrator's where none was written down."""
        return self._owners.get(f"{kind} {name}", ADMIN)

    def is_owned(self, kind: str, name: str) -> bool:
        """Whether an object's owner was written down."""
        return f"{kind} {name}" in self._owners

    def has(self, role: str, need: Need) -> bool:
        """Whether a role has what is needed, or inherits it."""
        roles = self.roles_of(role)
        if need.kind == "ACCOUNT":
            return any(need.privileges & GLOBAL.get(one, set()) for one in roles)
        if self.owner(need.kind, need.name) in roles:
            return True
        held = self._held(roles, need.kind, need.name)
        return bool(held if need.privileges == ANY else need.privileges & held)

    def _held(self, roles: set[str], kind: str, name: str) -> set[str]:
        key = f"{kind} {name}"
        return {held for role in roles for held in self._granted.get(role, {}).get(key, ())}

    def own(self, kind: str, name: str, role: str, *, anew: bool, keeps_grants: bool) -> None:
        """Write down who made an object; one that is replaced loses its grants."""
        with self._lock:
            key = f"{kind} {name}"
            if anew and not keeps_grants:
                for granted in self._granted.values():
                    granted.pop(key, None)
            if anew or key not in self._owners:
                self._owners[key] = role
                self._save()

    def forget(self, kind: str, name: str) -> None:
        """Forget an object that was dropped, and what lay in it."""
        with self._lock:
            key = f"{kind} {name}"
            everything: list[dict[str, Any]] = [self._owners, *self._granted.values()]
            for kept in everything:
                gone = [
                    it for it in kept if it == key or it.partition(" ")[2].startswith(f"{name}.")
                ]
                for it in gone:
                    del kept[it]
            self._save()

    def rename(self, kind: str, name: str, new: str) -> None:
        """An object's owner and grants go with it."""
        with self._lock:
            everything: list[dict[str, Any]] = [self._owners, *self._granted.values()]
            for kept in everything:
                if f"{kind} {name}" in kept:
                    kept[f"{kind} {new}"] = kept.pop(f"{kind} {name}")
            self._save()

    def grant(self, role: str, privileges: set[str], kind: str, name: str) -> None:
        """Privileges on an object to a role."""
        with self._lock:
            held = self._granted.setdefault(role, {}).setdefault(f"{kind} {name}", [])
            new = sorted(privileges - set(held))
            if new:
                held += new
                self._save()

    def revoke(self, role: str, privileges: set[str], kind: str, name: str) -> None:
        """Take privileges on an object from a role."""
        with self._lock:
            granted, key = self._granted.get(role, {}), f"{kind} {name}"
            left = [held for held in granted.pop(key, []) if held not in privileges]
            if left:
                granted[key] = left
            self._save()

    def grant_role(self, role: str, to: str) -> None:
        """A role to another, which inherits it."""
        with self._lock:
            roles = self._roles.setdefault(to, [])
            if role not in roles:
                roles.append(role)
                self._save()

    def revoke_role(self, role: str, of: str) -> None:
        """Take a role from another."""
        with self._lock:
            roles = self._roles.get(of, [])
            if role in roles:
                roles.remove(role)
                self._save()

    def _save(self) -> None:
        kept = {"owners": self._owners, "granted": self._granted, "roles": self._roles}
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(kept), encoding="utf-8")
        part.replace(self._path)


def insufficient(kind: str, name: str) -> ProgrammingError:
    """Snowflake's answer to a role that sees an object and may not do that with it."""
    return ProgrammingError(
        msg=f"SQL access control error:\nInsufficient privileges to operate on {kind.lower()} "
        f"'{name.rpartition('.')[2]}'",
        errno=3001,
        sqlstate="42501",
    )


def unknown(kind: str, name: str) -> ProgrammingError:
    """Snowflake's answer to a role that has no privilege at all on an object, or to its absence."""
    said = "Object" if kind == "TABLE" else kind.capitalize()
    return ProgrammingError(
        msg=f"SQL compilation error:\n{said} '{name}' does not exist or not authorized.",
        errno=2003,
        sqlstate="02000",
    )
