"""Whether a session may run a statement, and what changes when it has run."""

from __future__ import annotations

from snowflake.connector.errors import ProgrammingError
from sqlglot import exp

from local_cloud.access.command_needs import needs_of_command
from local_cloud.access.granting import Granting, read_grant
from local_cloud.access.grants import SYSTEM_ROLES, Grants, insufficient, unknown
from local_cloud.access.needs import created, is_temporary, kind_of, needs_of
from local_cloud.access.objects import ANY, IN_A_SCHEMA, Caller, Names, Need, need
from local_cloud.account import Account
from local_cloud.pipe_definition import read_pipe
from local_cloud.pipes import PipeStore
from local_cloud.statement import command_of, named, tree_of, words_of

MANAGE_GRANTS = need("MANAGE GRANTS", "ACCOUNT", "")

_CHANGING = (exp.Create, exp.Drop, exp.Alter)


class Access:
    """Checks a statement before it runs, and writes down owners and grants after it."""

    def __init__(self, account: Account, grants: Grants, store: PipeStore) -> None:
        """Bind users and roles, what roles have, and the pipes."""
        self._account, self._grants, self._store = account, grants, store

    def check(self, text: str, caller: Caller, names: Names) -> None:
        """Refuse what the caller's role may not do.

        Raises:
            ProgrammingError: with Snowflake's number and words.
        """
        command = command_of(text)
        if command:
            needs = list(needs_of_command(text, names, self._store, self._tables))
        else:
            tree = tree_of(text)
            _refuse_another_role(tree)
            needs = list(needs_of(tree, names))
            self._check_warehouse(caller, needs)
            self._check_replaced(tree, caller, names)
        if command and command[0] in ("GRANT", "REVOKE"):
            self._check_roles(read_grant(text, names, self._tables))
            if self._grants.has(caller.role, MANAGE_GRANTS):
                return
        for it in needs:
            if it.name not in caller.temporary:
                self._check(caller.role, it)

    @staticmethod
    def changes(text: str) -> bool:
        """Whether `record` has something to write down of a statement."""
        return bool(command_of(text)) or isinstance(tree_of(text), _CHANGING)

    def record(self, text: str, caller: Caller, names: Names) -> None:
        """Write down what a statement that has run changed: owners, grants, the session."""
        match command_of(text):
            case None:
                self._record_tree(tree_of(text), caller, names)
            case ("CREATE", "PIPE"):
                pipe = read_pipe(text)
                self._own("PIPE", names.of(pipe.name), caller, anew=pipe.replace)
            case ("CREATE", "ROLE" | "USER" as kind):
                self._own(kind, named(words_of(text), kind), caller, anew=False)
            case ("DROP", "PIPE"):
                self._grants.forget("PIPE", names.of(named(words_of(text), "PIPE")))
            case ("GRANT", _):
                self._grant(read_grant(text, names, self._tables))
            case ("REVOKE", _):
                self._revoke(read_grant(text, names, self._tables))

    def _check(self, role: str, it: Need) -> None:
        if it.kind in IN_A_SCHEMA:
            database, schema, _ = it.name.split(".", 2)
            self._check(role, Need(ANY, "DATABASE", database))
            self._check(role, Need(ANY, "SCHEMA", f"{database}.{schema}"))
        if self._grants.has(role, it):
            return
        if it.kind == "ACCOUNT":
            raise insufficient("ACCOUNT", "EMBEDDED")
        if self._grants.has(role, Need(ANY, it.kind, it.name)):
            raise insufficient(it.kind, it.name)
        raise unknown(it.kind, it.name)

    def _check_roles(self, grant: Granting) -> None:
        """A grant's roles and user are there."""
        if grant.to_kind == "USER":
            self._account.user(grant.to)
        roles = [name for kind, name in grant.objects if kind == "ROLE"]
        for role in [*roles, *([grant.to] if grant.to_kind == "ROLE" else [])]:
            if role not in self._account.roles and role not in SYSTEM_ROLES:
                raise unknown("ROLE", role)

    def _check_warehouse(self, caller: Caller, needs: list[Need]) -> None:
        """A statement that reads or writes rows runs on a warehouse."""
        rows = any(it.kind == "TABLE" and "OWNERSHIP" not in it.privileges for it in needs)
        if not rows or not caller.warehouse:
            return
        if not self._grants.has(caller.role, need("USAGE", "WAREHOUSE", caller.warehouse)):
            raise ProgrammingError(
                msg="No active warehouse selected in the current session.  Select an active "
                "warehouse with the 'use warehouse' command.",
                errno=606,
                sqlstate="57P03",
            )

    def _check_replaced(self, tree: exp.Expr, caller: Caller, names: Names) -> None:
        """OR REPLACE drops what is there: that takes its ownership."""
        if isinstance(tree, exp.Create) and tree.args.get("replace") and not is_temporary(tree):
            kind, name = created(tree, names)
            if self._grants.is_owned(kind, name):
                self._check(caller.role, need("OWNERSHIP", kind, name))

    def _record_tree(self, tree: exp.Expr, caller: Caller, names: Names) -> None:
        match tree:
            case exp.Create():
                self._record_created(tree, caller, names)
            case exp.Alter():
                for action in tree.find_all(exp.AlterRename):
                    kind, name = kind_of(str(tree.args["kind"])), names.table(tree.this)
                    self._grants.rename(kind, name, names.table(action.this))
            case exp.Drop():
                self._record_dropped(tree, caller, names)

    def _record_created(self, tree: exp.Create, caller: Caller, names: Names) -> None:
        kind, name = created(tree, names)
        if is_temporary(tree):
            caller.temporary.add(name)
            return
        properties = tree.args.get("properties")
        keeps = bool(properties and properties.find(exp.CopyGrantsProperty))
        self._own(kind, name, caller, anew=bool(tree.args.get("replace")), keeps_grants=keeps)

    def _record_dropped(self, tree: exp.Drop, caller: Caller, names: Names) -> None:
        kind = kind_of(str(tree.args["kind"]))
        for table in tree.args["tables"]:
            name = names.of(".".join(part.name for part in table.parts), kind)
            if name in caller.temporary:
                caller.temporary.discard(name)
            else:
                self._grants.forget(kind, name)

    def _own(
        self, kind: str, name: str, caller: Caller, *, anew: bool, keeps_grants: bool = False
    ) -> None:
        self._grants.own(kind, name, caller.role, anew=anew, keeps_grants=keeps_grants)

    def _grant(self, grant: Granting) -> None:
        for kind, name in grant.objects:
            if kind != "ROLE":
                self._grants.grant(grant.to, set(grant.privileges), kind, name)
            elif grant.to_kind == "USER":
                self._account.grant_role(name, grant.to)
            else:
                self._grants.grant_role(name, grant.to)

    def _revoke(self, grant: Granting) -> None:
        for kind, name in grant.objects:
            if kind != "ROLE":
                self._grants.revoke(grant.to, set(grant.privileges), kind, name)
            elif grant.to_kind == "USER":
                self._account.revoke_role(name, grant.to)
            else:
                self._grants.revoke_role(name, grant.to)

    def _tables(self, place: str, kind: str) -> list[str]:
        """The whole names of a schema's tables or views."""
        database, _, schema = place.partition(".")
        listed = "duckdb_tables()" if kind == "TABLE" else "duckdb_views()"
        column = kind.lower()
        with self._store.cursor(database) as cursor:
            rows = cursor.execute(
                f"SELECT {column}_name FROM {listed} WHERE database_name = ? "  # noqa: S608
                "AND schema_name = ?",
                [database, schema],
            ).fetchall()
        return [f"{place}.{row[0]}" for row in rows]


def _refuse_another_role(tree: exp.Expr) -> None:
    kind = tree.args.get("kind") if isinstance(tree, exp.Use) else None
    if kind and kind.name.upper() in ("ROLE", "SECONDARY ROLES"):
        raise ProgrammingError(
            msg="The embedded endpoint does not do USE ROLE; sign in with the role.",
            errno=1003,
            sqlstate="0A000",
        )
