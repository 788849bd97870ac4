"""Grants and users of the Snowflake account, and the trust between Snowflake and AWS.

Snowflake reads S3 by assuming an IAM role of ours. Which user assumes it is known only after the
storage integration is created. So bootstrap creates the integration, shows the trust policy and
stops. When it is called again and Snowflake can read the bucket, it goes on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from inmet_platform.config.settings import Settings
from inmet_platform.errors import TrustMissing
from inmet_platform.warehouse.session import Session
from inmet_platform.warehouse.sql import Statements

MANUAL_STEP = (
    "-- the manual step, once: the trust policy of SNOWFLAKE_STORAGE_ROLE_ARN, from DESC "
    "INTEGRATION; bootstrap shows it and stops until Snowflake gets in"
)


def grants(statements: Statements, settings: Settings) -> tuple[list[str], list[str]]:
    """What the owner needs to create the pipes; grants and users of the loader and the reader.

    Nothing of it without BOOTSTRAP_ACCOUNT, and of a user's key or the error integration only if
    one is configured.
    """
    if not settings.bootstrap_account:
        return [], []
    configured = {
        "grants/07_grant_error_integration_to_owner": settings.snowflake_error_integration,
        "grants/45_set_key_loader": settings.snowflake_loader_public_key_path,
        "grants/46_set_key_reader": settings.snowflake_reader_public_key_path,
    }
    names = [name for name in statements.names("grants") if configured.get(name, True)]
    return (
        [name for name in names if name < "grants/10"],
        [name for name in names if name >= "grants/10"],
    )


def policy(**allowed: Any) -> str:
    """An AWS policy document of one statement: principal, action, condition and so on."""
    statement = {"Effect": "Allow", **allowed}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def trust_policy(session: Session) -> str:
    """The policy document that lets this account's integration take on the role."""
    rows = session.query("trust/describe_integration")
    values = {row["property"]: row["property_value"] for row in rows}
    return policy(
        Principal={"AWS": values["STORAGE_AWS_IAM_USER_ARN"]},
        Action="sts:AssumeRole",
        Condition={"StringEquals": {"sts:ExternalId": values["STORAGE_AWS_EXTERNAL_ID"]}},
    )


def require_trust(session: Session, settings: Settings) -> Iterator[str]:
    """Check that Snowflake can read the bucket, and say so.

    Raises:
        TrustMissing: it does not; the policy to paste has been yielded.
    """
    [row] = session.query("trust/validate_integration")
    validation = json.loads(row["validation"])
    if validation["status"] == "success":
        yield f"storage integration {settings.snowflake_storage_integration}: Snowflake gets in"
        return
    yield trust_policy(session)
    raise TrustMissing(
        f"Snowflake cannot take on {settings.snowflake_storage_role_arn}: "
        f"{validation.get('message') or json.dumps(validation.get('actions'))}.",
        remedy="Paste the JSON above as the role's trust policy (AWS console: IAM, Roles, Trust "
        "relationships; or `aws iam update-assume-role-policy`), check that the role may list the "
        "bucket, and run `inmet bootstrap` again: it goes on from here.",
    )
