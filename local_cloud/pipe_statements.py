"""Statements about pipes: made, dropped, shown, paused, refreshed; and `SYSTEM$PIPE_STATUS`."""

from __future__ import annotations

import json
import re
import threading
from datetime import datetime
from typing import Any

from snowflake.connector.errors import ProgrammingError

from inmet_platform.warehouse.timestamps import utc_now
from local_cloud.access.grants import Grants
from local_cloud.access.objects import Caller, need
from local_cloud.answers import SUCCESS, answer, literal, select
from local_cloud.ingestion import Ingestion
from local_cloud.pipe_definition import read_pipe
from local_cloud.pipes import Pipe, PipeStore
from local_cloud.stages import Stages
from local_cloud.statement import command_of, named, options_after, words_of

_STATUS = re.compile(r"SYSTEM\$PIPE_STATUS\s*\(\s*'(?P<name>[^']+)'\s*\)", re.IGNORECASE)


class PipeStatements:
    """Does what is said of pipes, and answers with the SELECT to run instead."""

    def __init__(
        self, store: PipeStore, ingestion: Ingestion, stages: Stages, grants: Grants
    ) -> None:
        """Bind what the statements are about."""
        self._store, self._ingestion, self._stages = store, ingestion, stages
        self._grants = grants
        self._creating = threading.Lock()

    def rewrite(self, text: str, database: str | None, caller: Caller) -> str | None:
        """The statement to run instead; None when it is not about a pipe."""
        words = words_of(text)
        match command_of(text):
            case ("CREATE", "PIPE"):
                return self._create(text, database)
            case ("DROP", "PIPE"):
                return self._drop(words, database)
            case ("SHOW", "PIPES"):
                return self._show(words, database, caller)
            case ("DESC", "PIPE"):
                return select([self._shown(self._found(named(words, "PIPE"), database))], _SHOWN)
            case ("ALTER", "PIPE"):
                return self._alter(words, database)
        return None

    def with_status(self, bare: str, database: str | None) -> str:
        """A statement with the JSON in the place of `SYSTEM$PIPE_STATUS`."""
        return _STATUS.sub(lambda match: self._status(match["name"], database), bare)

    def _create(self, text: str, database: str | None) -> str:
        """CREATE PIPE; of two at once, the second finds the pipe of the first."""
        with self._creating:
            return self._created(text, database)

    def _created(self, text: str, database: str | None) -> str:
        defined = read_pipe(text)
        schema, name = _qualified(defined.name)
        before = self._store.find(database, f"{schema}.{name}")
        if before and not defined.replace:
            if not defined.exists:
                raise ProgrammingError(msg=f"Object '{name}' already exists.", errno=2002)
            return answer(f"{name} already exists, statement succeeded.")
        bucket, stage_prefix = self._stages.place(defined.stage, database)
        table_schema, table = _qualified(defined.table)
        pipe = Pipe(
            database=(database or "").upper(),
            schema=schema,
            name=name,
            table_schema=table_schema,
            table_name=table,
            bucket=bucket,
            stage_prefix=stage_prefix,
            prefix=stage_prefix + defined.path,
            include_metadata=defined.include_metadata,
            definition=defined.copy,
            error_integration=defined.error_integration,
            created_on=utc_now().isoformat(),
        )
        if before:
            self._store.retire(before)
            self._ingestion.forget(before)
        self._store.put(pipe)
        return answer(f"Pipe {name} successfully created.")

    def _drop(self, words: tuple[str, ...], database: str | None) -> str:
        name = named(words, "PIPE")
        pipe = self._store.find(database, name)
        if pipe:
            self._store.drop(pipe)
            return answer(f"{pipe.name} successfully dropped.")
        if "EXISTS" in words:
            return answer("Drop statement executed successfully (the pipe already dropped).")
        raise _no_pipe(name)

    def _show(self, words: tuple[str, ...], database: str | None, caller: Caller) -> str:
        """The pipes that the caller has a privilege on."""
        schema = ""
        if "IN" in words and words[-1] not in ("ACCOUNT", "DATABASE", "SCHEMA"):
            named_database, _, schema = words[-1].replace('"', "").rpartition(".")
            database = named_database or database
        pipes = [pipe for pipe in self._store.all() if pipe.database == (database or "").upper()]
        pipes = [pipe for pipe in pipes if self._sees(caller, pipe) and schema in ("", pipe.schema)]
        if "LIKE" in words:
            like = words[words.index("LIKE") + 1].strip("'")
            form = re.escape(like).replace("%", ".*").replace("_", ".")
            pipes = [p for p in pipes if re.fullmatch(form, p.name, re.IGNORECASE)]
        return select([self._shown(pipe) for pipe in pipes], _SHOWN)

    def _sees(self, caller: Caller, pipe: Pipe) -> bool:
        name = f"{pipe.database}.{pipe.full_name}"
        return self._grants.has(caller.role, need("MONITOR|OPERATE", "PIPE", name))

    def _alter(self, words: tuple[str, ...], database: str | None) -> str:
        pipe, options = self._found(named(words, "PIPE"), database), dict(options_after(words))
        if "REFRESH" in words and options.keys() <= {"PREFIX"}:
            sent = self._ingestion.refresh(pipe, options.get("PREFIX", ""))
            rows = [{"File": pipe.file_name(key), "Status": "SENT"} for key in sent]
            return select(rows, ("File", "Status"))
        paused = options.get("PIPE_EXECUTION_PAUSED")
        if options.keys() != {"PIPE_EXECUTION_PAUSED"} or paused not in ("TRUE", "FALSE"):
            raise ProgrammingError(
                msg=f"The embedded endpoint does not know: {' '.join(words)}", errno=1003
            )
        self._store.pause(pipe, paused=paused == "TRUE")
        return SUCCESS

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
            "owner": self._grants.owner("PIPE", f"{pipe.database}.{pipe.full_name}"),
            "notification_channel": self._ingestion.channel,
            "comment": "",
            "error_integration": pipe.error_integration,
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


def _no_pipe(name: str) -> ProgrammingError:
    return ProgrammingError(
        msg=f"Pipe '{name.upper()}' does not exist or not authorized.", errno=2003
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds") + "Z"
