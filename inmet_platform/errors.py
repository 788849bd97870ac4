"""Every error the platform raises on purpose, in one tree.

    PlatformError
    ├── SettingsError            a setting is missing or contradicts another
    ├── UnreadableFile           a file or a member of a zip that no reader accepts
    ├── StorageError             S3 or SQS refused or did not answer
    │   ├── BucketMissing
    │   ├── ObjectMissing
    │   └── ObjectForbidden      this object is not for the configured key or role
    ├── UploadError              the upload service refused or did not answer
    ├── ArchiveError             INMET's portal did not answer, or not with a whole zip
    │   └── ArchiveRefused       it has no such zip, or gives it to nobody
    ├── ExportError              a part of the clean data cannot be found or written
    ├── WarehouseError           Snowflake refused or did not answer
    │   ├── SignInError
    │   ├── TrustMissing         AWS does not let Snowflake read the bucket yet
    │   └── LeaseLost            another run has taken over what this one did
    └── SnowpipeError            landed files did not reach RAW
        ├── PipePaused           somebody paused the pipe
        ├── PipeStalled          the pipe cannot go on by itself
        ├── NotificationDead     files lie in S3 and no event arrives
        ├── LoadTimeout          events arrive, but not before the deadline
        └── RawDiffers           RAW does not hold the rows of landing/ once each

The first line of a message says what happened, with what was expected and what was found;
`remedy`, when there is one, says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any


class PlatformError(Exception):
    """Base of the tree; `str()` of it is one sentence fit for a user."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        """Keep the sentence and what to do about it.

        Args:
            message: what happened, with what was expected and what was found.
            remedy: what the reader can do; empty when nothing can be done.
        """
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class SettingsError(PlatformError):
    """One or more settings are missing or contradict each other; all of them are named."""


@dataclass(frozen=True)
class Place:
    """Where in a file a reader stopped: the file, the member inside a zip, the line (1-based)."""

    file: str
    member: str | None = None
    line: int | None = None

    def at(self, line: int) -> Place:
        """This line of the same file."""
        return replace(self, line=int(line))

    def __str__(self) -> str:
        parts = [self.file, self.member, f"line {self.line}" if self.line else None]
        return ", ".join(part for part in parts if part)


class UnreadableFile(PlatformError):
    """A file is refused: where, what was expected there, what was found."""

    def __init__(self, place: Place, *, expected: str, found: str, remedy: str = "") -> None:
        """Build the sentence from its parts, which the ledger and the API keep apart.

        Args:
            place: file, member and line.
            expected: what a readable file has at that place.
            found: what is there, shortened.
            remedy: what the sender can do.
        """
        super().__init__(f"{place}: expected {expected}; found {found}.", remedy=remedy)
        self.place = place
        self.expected = expected
        self.found = found

    def __reduce__(self) -> tuple[Any, ...]:
        """Refusals come back from the processes that read: keyword arguments, too."""
        return partial(
            UnreadableFile, expected=self.expected, found=self.found, remedy=self.remedy
        ), (self.place,)


class StorageError(PlatformError):
    """S3 or SQS refused a call or did not answer."""


class BucketMissing(StorageError):
    """The configured bucket does not exist."""


class ObjectMissing(StorageError):
    """There is no object under the key."""


class ObjectForbidden(StorageError):
    """S3 refuses this object to the configured key or role."""


class UploadError(PlatformError):
    """The upload service refused a file or did not answer."""


class ArchiveError(PlatformError):
    """INMET's portal did not answer, or what came is no whole zip."""

    def __init__(self, message: str, *, remedy: str = "", retry_after_s: float = 0.0) -> None:
        """Keep the sentence, and the seconds of `Retry-After`; 0 when there is none."""
        super().__init__(message, remedy=remedy)
        self.retry_after_s = retry_after_s


class ArchiveRefused(ArchiveError):
    """The portal has no such zip, or refuses to give it."""


class ExportError(PlatformError):
    """The part of the clean data that somebody asked for cannot be found or written."""


class WarehouseError(PlatformError):
    """Snowflake refused a statement or did not answer."""


class SignInError(WarehouseError):
    """Snowflake refused the user, the password or the key."""


class TrustMissing(WarehouseError):
    """The trust policy of the AWS role does not name Snowflake yet: the one manual step."""


class SchemaNewer(WarehouseError):
    """A newer version of the platform made the schema."""


class SchemaTooOld(WarehouseError):
    """A version of before the numbered migrations made the tables."""


class LeaseLost(WarehouseError):
    """A run was held up for longer than its lease, and another one has taken over."""


class SnowpipeError(PlatformError):
    """Files in `landing/` did not reach RAW."""


class PipePaused(SnowpipeError):
    """The pipe is paused."""


class PipeStalled(SnowpipeError):
    """The pipe stopped or stalled and cannot go on by itself."""


class NotificationDead(SnowpipeError):
    """Files lie in S3, the pipe runs, and no event about them arrives."""


class LoadTimeout(SnowpipeError):
    """Snowpipe is working, but did not finish before the deadline."""


class RawDiffers(SnowpipeError):
    """Landing files are in RAW twice, in part, or not at all."""
