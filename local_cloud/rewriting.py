"""Statements of Snowpipe that fakesnow lacks: done here, then asked of it as a plain SELECT.

fakesnow then answers in Snowflake's own protocol. Names and values of the columns are those
of Snowflake's documentation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fakesnow.fakes import FakeSnowflakeConnection
from snowflake.connector.errors import ProgrammingError

from inmet_platform.warehouse.timestamps import utc_now
from local_cloud.account_statements import AccountStatements
from local_cloud.answers import SUCCESS, answer, literal, select
from local_cloud.client_statements import understood
from local_cloud.ingestion import Ingestion
from local_cloud.load_history import with_load_history
from local_cloud.pipes import Pipe, PipeStore
from local_cloud.stages import ALTER_STAGE, DROP_STAGE, Stages
from local_cloud.unloading import UNLOAD, unload

_CREATE = re.compile(
    r"CREATE\s+(?P<replace>OR\s+REPLACE\s+)?PIPE\s+(?P<exists>IF\s+NOT\s+EXISTS\s+)?(?P<name>[\w.\"]+)"
    r"(?P<options>.*?)\sAS\s+(?P<copy>COPY\s+INTO\s+(?P<table>[\w.\"]+)\s+FROM\s+@(?P<stage>[\w.\"]+)"
    r"(?P<path>/\S*)?(?P<rest>.*))",
    re.IGNORECASE | re.DOTALL,
)
_DROP = re.compile(r"DROP\s+PIPE\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>[\w.\"]+)", re.IGNORECASE)
_SHOW = re.compile(
    r"SHOW\s+PIPES(?:\s+LIKE\s+'(?P<like>[^']*)')?(?:\s+IN\s+(?:SCHEMA\s+)?(?P<schema>[\w.\"]+))?\s*;?\s*$",
    re.IGNORECASE,
)
_DESCRIBE = re.compile(r"DESC(?:RIBE)?\s+PIPE\s+(?P<name>[\w.\"]+)", re.IGNORECASE)
_PAUSE = re.compile(
    r"ALTER\s+PIPE\s+(?P<name>[\w.\"]+)\s+SET\s+PIPE_EXECUTION_PAUSED\s*=\s*(?P<paused>TRUE|FALSE)",
    re.IGNORECASE,
)
_REFRESH = re.compile(
    r"ALTER\s+PIPE\s+(?P<name>[\w.\"]+)\s+REFRESH(?:\s+PREFIX\s*=\s*'(?P<prefix>[^']*)')?",
    re.IGNORECASE,
)
_STATUS = re.compile(r"SYSTEM\$PIPE_STATUS\s*\(\s*'(?P<name>[^']+)'\s*\)", re.IGNORECASE)
_METADATA = re.compile(r"INCLUDE_METADATA\s*=\s*\((?P<pairs>[^)]*)\)", re.IGNORECASE)
_COMMENTS = re.compile(r"\A(?:\s*--[^\n]*\n)+")


class Rewriter:
    """Turns a statement into one that fakesnow knows."""

    def __init__(self, store: PipeStore, ingestion: Ingestion, account: AccountStatements) -> None:
        """Bind what the statements are about."""
        self._account = account
        self._store = store
        self._ingestion = ingestion
        self._stages = Stages(store)
        self._commands: list[tuple[re.Pattern[str], Callable[[re.Match[str], str | None], str]]] = [
            (_CREATE, self._create),
            (DROP_STAGE, self._stages.drop),
            (ALTER_STAGE, self._stages.alter),
            (_DROP, self._drop),
            (_SHOW, self._show),
            (_DESCRIBE, self._describe),
            (_PAUSE, self._pause),
            (_REFRESH, self._refresh),
        ]

    def rewrite(self, statement: str, connection: FakeSnowflakeConnection) -> str:
        """The statement to run instead, in the same session.

        Raises:
            ProgrammingError: as Snowflake says it.
        """
        database = connection.database
        bare = understood(_COMMENTS.sub("", statement).strip())
        self._stages.keep(bare, database)
        if unloading := UNLOAD.match(bare):
            return self._unload(unloading, connection)
        for pattern, command in self._commands:
            match = pattern.match(bare)
            if match:
                return command(match, database)
        if about_account := self._account.rewrite(bare):
            return about_account
        bare = self._account.validated(bare)
        bare = _STATUS.sub(lambda match: self._status(match["name"], database), bare)
        return with_load_history(bare, database)

    def _create(self, match: re.Match[str], database: str | None) -> str:
        schema, name = _qualified(match["name"])
        before = self._store.find(database, f"{schema}.{name}")
        if before and not match["replace"]:
            if not match["exists"]:
                raise ProgrammingError(msg=f"Object '{name}' already exists.", errno=2002)
            return answer(f"{name} already exists, statement succeeded.")
        bucket, stage_prefix = self._stages.place(match["stage"], database)
        table_schema, table = _qualified(match["table"])
        metadata = _METADATA.search(match["rest"])
        pairs = metadata["pairs"].split(",") if metadata else []
        pipe = Pipe(
            database=(database or "").upper(),
            schema=schema,
            name=name,
            table_schema=table_schema,
            table_name=table,
            bucket=bucket,
            stage_prefix=stage_prefix,
            prefix=stage_prefix + (match["path"] or "/")[1:],
            include_metadata=tuple(_pair(text) for text in pairs),
            definition=match["copy"].strip().rstrip(";"),
            created_on=utc_now().isoformat(),
        )
        if before:
            self._store.retire(before)
            self._ingestion.forget(before)
        self._store.put(pipe)
        return answer(f"Pipe {name} successfully created.")

    def _unload(self, match: re.Match[str], connection: FakeSnowflakeConnection) -> str:
        bucket, prefix = self._stages.place(match["stage"], connection.database)
        rows, size = unload(
            connection.cursor(),
            self._ingestion.s3,
            match["query"],
            bucket,
            prefix + match["path"],
            match["options"],
        )
        return (
            f'SELECT {rows} AS "rows_unloaded", {size} AS "input_bytes", {size} AS "output_bytes"'
        )

    def _drop(self, match: re.Match[str], database: str | None) -> str:
        pipe = self._store.find(database, match["name"])
        if pipe:
            self._store.drop(pipe)
            return answer(f"{pipe.name} successfully dropped.")
        if match["exists"]:
            return answer("Drop statement executed successfully (the pipe already dropped).")
        raise _no_pipe(match["name"])

    def _show(self, match: re.Match[str], database: str | None) -> str:
        pipes = [pipe for pipe in self._store.all() if pipe.database == (database or "").upper()]
        if match["schema"]:
            wanted = match["schema"].upper().replace('"', "").split(".")[-1]
            pipes = [pipe for pipe in pipes if pipe.schema == wanted]
        if match["like"]:
            form = re.escape(match["like"]).replace("%", ".*").replace("_", ".")
            pipes = [p for p in pipes if re.fullmatch(form, p.name, re.IGNORECASE)]
        return select([self._shown(pipe) for pipe in pipes], _SHOWN)

    def _describe(self, match: re.Match[str], database: str | None) -> str:
        return select([self._shown(self._found(match["name"], database))], _SHOWN)

    def _pause(self, match: re.Match[str], database: str | None) -> str:
        pipe = self._found(match["name"], database)
        self._store.pause(pipe, paused=match["paused"].upper() == "TRUE")
        return SUCCESS

    def _refresh(self, match: re.Match[str], database: str | None) -> str:
        pipe = self._found(match["name"], database)
        sent = self._ingestion.refresh(pipe, match["prefix"] or "")
        rows = [{"File": pipe.file_name(key), "Status": "SENT"} for key in sent]
        return select(rows, ("File", "Status"))

    def _found(self, name: str, database: str | None) -> Pipe:
        pipe = self._store.find(database, name)
        if not pipe:
            raise _no_pipe(name)
        return pipe

    def _shown(self, pipe: Pipe) -> dict[str, Any]:
        return dict.fromkeys(_SHOWN, None) | {
            "created_on": pipe.created_on,
            "name": pipe.name,
            "database_name": pipe.database,
            "schema_name": pipe.schema,
            "definition": pipe.definition,
            "owner": "SYSADMIN",
            "notification_channel": self._ingestion.channel,
            "comment": "",
            "owner_role_type": "ROLE",
            "kind": "STAGE",
        }

    def _status(self, name: str, database: str | None) -> str:
        pipe = self._found(name, database)
        last = self._store.last_load(pipe)
        state, error = self._state(pipe)
        status: dict[str, Any] = {
            "executionState": state,
            "pendingFileCount": len(self._ingestion.pending.get(pipe.key, ())),
            "notificationChannelName": self._ingestion.channel,
            "numOutstandingMessagesOnChannel": self._ingestion.outstanding(),
        }
        times = {
            "lastReceivedMessageTimestamp": self._ingestion.last_message_at,
            "lastForwardedMessageTimestamp": self._ingestion.forwarded_at.get(pipe.key),
            "lastIngestedTimestamp": last[0] if last else None,
        }
        status |= {key: _iso(value) for key, value in times.items() if value}
        if last:
            status["lastIngestedFilePath"] = last[1]
        if error:
            status["error"] = error
        return literal(json.dumps(status))

    def _state(self, pipe: Pipe) -> tuple[str, str]:
        """The execution state and its error; access to the stage is tried anew each time."""
        if pipe.stopped:
            return pipe.stopped, f"Stage {pipe.stage} was dropped or altered."
        if not self._store.has_table(pipe):
            table = f"{pipe.table_schema}.{pipe.table_name}"
            return "STOPPED_MISSING_TABLE", f"Table {table} does not exist."
        if pipe.paused:
            return "PAUSED", ""
        refused = self._ingestion.access_error(pipe)
        return ("STALLED_STAGE_PERMISSION_ERROR", refused) if refused else ("RUNNING", "")


_SHOWN = (
    *("created_on", "name", "database_name", "schema_name", "definition", "owner"),
    *("notification_channel", "comment", "integration", "pattern", "error_integration"),
    *("owner_role_type", "invalid_reason", "kind"),
)


def _qualified(name: str) -> tuple[str, str]:
    parts = name.upper().replace('"', "").split(".")
    return (parts[-2] if len(parts) > 1 else "PUBLIC"), parts[-1]


def _pair(text: str) -> tuple[str, str]:
    column, _, value = text.partition("=")
    return column.strip(), value.strip()


def _no_pipe(name: str) -> ProgrammingError:
    return ProgrammingError(
        msg=f"Pipe '{name.upper()}' does not exist or not authorized.", errno=2003
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds") + "Z"
