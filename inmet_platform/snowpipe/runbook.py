"""The runbook of the pipes: what each state means, and what to do.

The one place of these words. Alerts, checks and errors take them from here, and so does
`docs/runbook.md`, whose chapter is what `python -m inmet_platform.snowpipe.runbook` prints.

The states are those of Snowflake's `SYSTEM$PIPE_STATUS` (docs.snowflake.com, "Pipe execution
states" of Snowpipe's troubleshooting); the conditions are what no state tells.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

DOCUMENT = "docs/runbook.md"
_SUPPORT = "Nothing here mends it: ask Snowflake Support, with the `error` of `inmet status`."
_MADE_ANEW = (
    "Run `inmet pipe recreate observations` (or `station_headers`) as an administrator, with "
    "BOOTSTRAP_ACCOUNT=true so that the grants are made again; when the stage is gone, run "
    "`inmet bootstrap` first. It asks for the files that are not in RAW, one by one. Do not "
    "REFRESH a new pipe as a whole: it has no load history and would load seven days again."
)


@dataclass(frozen=True)
class Entry:
    """A paragraph: what a state means, what to do, and what the platform does by itself.

    `goes_on`: the pipe still loads. `is_error`: a human is needed; else it is a warning.
    """

    name: str
    meaning: str
    action: str
    by_itself: str = "Nothing: it alerts, and goes on by itself once the cause is mended."
    goes_on: bool = False
    is_error: bool = True

    @property
    def link(self) -> str:
        """Where the paragraph stands."""
        return f"{DOCUMENT}#{self.name.lower()}"

    def advice(self, pipe: str) -> str:
        """What to do about that pipe, and where the whole paragraph stands."""
        return f"{self.action.replace('<pipe>', pipe)} ({self.link})"

    def paragraph(self) -> str:
        """As Markdown: the same in the runbook and in the metadata of the check."""
        kind = "Error." if self.is_error else "Well." if self.name == "RUNNING" else "Warning."
        return (
            (
                f"### {self.name}\n\n{kind} {self.meaning}\n\n**What to do.** {self.action}\n\n"
                f"**What the platform does.** {self.by_itself}"
            )
            .replace("<", "&lt;")
            .replace(">", "&gt;")
        )


STATES = (
    Entry("RUNNING", "The pipe loads, or waits for files.", "Nothing.", "Nothing.", True, False),
    Entry(
        "PAUSED",
        "Somebody paused the pipe, its schema or the account. Events are kept for 14 days.",
        "Resume it: ALTER PIPE <pipe> SET PIPE_EXECUTION_PAUSED = FALSE; files that arrived "
        "meanwhile are loaded then. Ask first who paused it: SHOW PARAMETERS LIKE "
        "'PIPE_EXECUTION_PAUSED' IN PIPE <pipe> says on what level. After 14 days, or with another "
        "owner, it takes SYSTEM$PIPE_FORCE_RESUME.",
        "Nothing, since a pause may be meant; SNOWPIPE_RESUME_PAUSED=true has it resumed.",
        is_error=False,
    ),
    Entry(
        "READ_ONLY",
        "The pipe or its table is in a secondary database, which is read-only.",
        "Point SNOWFLAKE_ACCOUNT and SNOWFLAKE_DATABASE to the primary, or promote the secondary.",
    ),
    Entry(
        "FAILING_OVER",
        "After a failover Snowflake still syncs the pipe's load history; it loads meanwhile.",
        "Nothing: the state becomes RUNNING.",
        "Nothing.",
        goes_on=True,
        is_error=False,
    ),
    Entry(
        "STOPPED_CLONED",
        "The pipe is in a clone of the database; it takes no events.",
        "If the clone is only a copy, leave it. To load there, drop the pipe and run "
        "`inmet bootstrap` with SNOWFLAKE_DATABASE set to the clone.",
    ),
    Entry(
        "STOPPED_STAGE_ALTERED",
        "The address of the stage RAW.LANDING was changed.",
        f"See that the stage's URL is the one of S3_BUCKET and S3_PATH. {_MADE_ANEW}",
    ),
    Entry(
        "STOPPED_STAGE_DROPPED",
        "The stage RAW.LANDING was dropped or replaced.",
        f"{_MADE_ANEW} The same bootstrap makes the stage.",
    ),
    Entry(
        "STOPPED_FILE_FORMAT_DROPPED",
        "A named file format of the pipe was dropped. The platform's pipes name none.",
        f"Somebody changed the pipe. {_MADE_ANEW}",
    ),
    Entry(
        "STOPPED_NOTIFICATION_INTEGRATION_DROPPED",
        "The pipe's notification integration was dropped. On S3 the platform's pipes have none.",
        f"Somebody changed the pipe. {_MADE_ANEW}",
    ),
    Entry(
        "STOPPED_MISSING_TABLE",
        "The pipe's table was dropped or renamed. Files that arrive meanwhile are not queued.",
        "Bring the table back: UNDROP TABLE, or rename it back. Only when its rows may be lost, "
        "run `inmet bootstrap`, which makes it empty: what was loaded once is not loaded again.",
        "It does not make the table, since an empty one would stand in the way of UNDROP. When "
        "the table is back, it asks for the files that were not queued (MISSED_FILES).",
    ),
    Entry("STOPPED_MISSING_PIPE", "Snowflake lost the pipe's definition.", _SUPPORT),
    Entry("STOPPED_BY_SNOWFLAKE_ADMIN", "Snowflake stopped the pipe.", _SUPPORT),
    Entry("STOPPED_FEATURE_DISABLED", "Snowpipe is switched off for the account.", _SUPPORT),
    Entry(
        "STALLED_STAGE_PERMISSION_ERROR",
        "Snowflake cannot read the bucket.",
        "See that the bucket is there (`inmet doctor`), that the storage integration's role may "
        "list and read landing/, and that its trust policy names the user and external id of DESC "
        "INTEGRATION. Then LIST @RAW.LANDING. A file whose load failed meanwhile is not tried "
        "again: see FAILED_FILES.",
    ),
    Entry(
        "STALLED_COMPILATION_ERROR",
        "The COPY of the pipe does not compile.",
        "Read the error: a table, column, stage or grant of the pipe's owner is gone. Mend that; "
        "compare the table with `inmet bootstrap --dry-run`.",
    ),
    Entry(
        "STALLED_INITIALIZATION_ERROR",
        "The COPY of the pipe could not be prepared.",
        "Read the error, then look at the stage, the table and the grants of the pipe's owner.",
    ),
    Entry(
        "STALLED_EXECUTION_ERROR",
        "The COPY of the pipe failed, and not because of one file.",
        "Read the error, then look at the stage, the table and the grants of the pipe's owner.",
    ),
    Entry("STALLED_INTERNAL_ERROR", "Snowpipe failed inside Snowflake.", _SUPPORT),
)

CONDITIONS = (
    Entry(
        "NO_PIPE",
        "There is no such pipe, or the role of SNOWFLAKE_ROLE may not see it (MONITOR).",
        "Run `inmet bootstrap`, or grant MONITOR and OPERATE on <pipe>, USAGE on its "
        "stage and INSERT on its table. Do not REFRESH a new pipe as a whole: it would load the "
        "files of seven days again.",
        "Nothing. Once there is a pipe, it asks for the files that are not in RAW (MISSED_FILES).",
    ),
    Entry(
        "UNKNOWN_STATE",
        "Snowflake names a state that this version does not know.",
        "Read the error, and look the state up in Snowflake's page on SYSTEM$PIPE_STATUS.",
    ),
    Entry(
        "DEAD_NOTIFICATION",
        "The pipe runs and waits for nothing, but files lie in landing/, and no event at all came "
        "since the first of them landed: the bucket no longer tells the pipe's channel.",
        "Run `inmet bootstrap`, which joins the bucket's notifications to the pipe's channel (on "
        "AWS whoever owns the bucket may have to), then `inmet doctor`.",
        "It asks for each of these files, and again after half an hour: ALTER PIPE <pipe> REFRESH "
        "PREFIX = '<file>'. The alert ends when they are loaded; the next file would come as late.",
        goes_on=True,
    ),
    Entry(
        "MISSED_FILES",
        "The pipe runs and hears of other files, but some in landing/ it was never told of: their "
        "events were lost, or came while the table was missing.",
        "Nothing, unless it lasts: then look whether the notification is for s3:ObjectCreated:* "
        "and not Put alone, which loses large files.",
        "It asks for each of these files, and again after half an hour: ALTER PIPE <pipe> REFRESH "
        "PREFIX = '<file>'.",
        goes_on=True,
        is_error=False,
    ),
    Entry(
        "FILES_TOO_OLD",
        "Files lie in landing/ that the pipe was never told of, and REFRESH sees seven days only.",
        "Read their raw objects again, which lands them under new keys: run raw_s3_file with the "
        "configuration keys: [<raw key>], force: true.",
        "Nothing: it alerts.",
        goes_on=True,
    ),
    Entry(
        "FAILED_FILES",
        "Snowpipe read files and refused them. It never tries a path again, not even by REFRESH.",
        "Read the error. When the file is sound (access was denied, say), run raw_s3_file with "
        "the configuration keys: [<raw key>], force: true: the same content lands under a new key.",
        "The next run rejects their raw objects with Snowpipe's error; all others go on.",
        goes_on=True,
        is_error=False,
    ),
    Entry(
        "LAGGING",
        "The pipe is at work, but slower than SNOWPIPE_OVERDUE_S.",
        "Wait; nothing is lost. If pending does not fall for an hour, look at Snowflake's status "
        "page and at the size of the files (100 to 250 MB is good).",
        "Nothing: it alerts until the files are loaded.",
        goes_on=True,
        is_error=False,
    ),
)

ENTRIES = {entry.name: entry for entry in (*STATES, *CONDITIONS)}


def entry_of(state: str) -> Entry:
    """The paragraph of a state that Snowflake names, whether this version knows it or not."""
    # PAUSED_BY_ACCOUNT_ADMIN and the like, of older versions.
    name = "PAUSED" if state.startswith("PAUSED") else state
    return ENTRIES.get(name, ENTRIES["UNKNOWN_STATE"])


def chapter() -> str:
    """The chapter of `docs/runbook.md`, as Markdown."""
    parts = ["## Snowpipe: states of a pipe", *(entry.paragraph() for entry in STATES)]
    parts += ["## Snowpipe: what no state tells", *(entry.paragraph() for entry in CONDITIONS)]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(chapter())
