"""Statements about the account: done on `Account`, or accepted where nothing here follows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from inmet_platform.config.settings import Settings
from local_cloud.account import Account
from local_cloud.answers import SUCCESS, answer, literal, select

_I = re.IGNORECASE | re.DOTALL
_NAME = r"(?P<name>[\w$.\"]+)"
_CREATE_ROLE = re.compile(rf"CREATE\s+ROLE\s+IF\s+NOT\s+EXISTS\s+{_NAME}", _I)
_CREATE_USER = re.compile(rf"CREATE\s+USER\s+IF\s+NOT\s+EXISTS\s+{_NAME}(?P<options>.*)", _I)
# Done when the statement has run: `access/checking.py` writes it down.
_GRANT = re.compile(r"(?:GRANT|REVOKE)\b", _I)
_SET_KEY = re.compile(
    rf"ALTER\s+USER\s+{_NAME}\s+SET\s+(?P<slot>RSA_PUBLIC_KEY(?:_2)?)\s*=\s*'(?P<key>[^']*)'", _I
)
_UNSET_KEY = re.compile(rf"ALTER\s+USER\s+{_NAME}\s+UNSET\s+(?P<slot>RSA_PUBLIC_KEY(?:_2)?)\b", _I)
_ADD_TOKEN = re.compile(
    rf"ALTER\s+USER\s+{_NAME}\s+ADD\s+(?:PROGRAMMATIC\s+ACCESS\s+TOKEN|PAT)\s+(?P<token>\w+)", _I
)
_REMOVE_TOKEN = re.compile(
    rf"ALTER\s+USER\s+{_NAME}\s+REMOVE\s+(?:PROGRAMMATIC\s+ACCESS\s+TOKEN|PAT)\s+(?P<token>\w+)", _I
)
_DESC_USER = re.compile(rf"DESC(?:RIBE)?\s+USER\s+{_NAME}", _I)
_CREATE_INTEGRATION = re.compile(
    rf"CREATE\s+STORAGE\s+INTEGRATION\s+IF\s+NOT\s+EXISTS\s+{_NAME}(?P<options>.*)", _I
)
_DESC_INTEGRATION = re.compile(rf"DESC(?:RIBE)?\s+(?:STORAGE\s+)?INTEGRATION\s+{_NAME}", _I)
_VALIDATE = re.compile(r"SYSTEM\$VALIDATE_STORAGE_INTEGRATION\s*\(\s*'(?P<name>[^']+)'[^)]*\)", _I)
_OPTION = re.compile(r"(\w+)\s*=\s*(?:'([^']*)'|(\w+)|\(([^)]*)\))")

# Accepted and ignored: the embedded endpoint has no warehouses.
IGNORED = re.compile(
    r"(?:CREATE\s+(?:OR\s+REPLACE\s+)?WAREHOUSE|ALTER\s+WAREHOUSE"
    r"|CREATE\s+(?:OR\s+REPLACE\s+)?RESOURCE\s+MONITOR)\b",
    re.IGNORECASE,
)
_DESCRIBED = ("property", "property_type", "property_value", "property_default")


class AccountStatements:
    """Knows which statements are its own; answers with the SELECT to run instead."""

    def __init__(self, settings: Settings, account: Account) -> None:
        """Bind the account, and the endpoint whose IAM holds the trust policies."""
        self._account = account
        self._iam = boto3.client("iam", **settings.aws_client_arguments())
        self._commands: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
            (_CREATE_ROLE, self._create_role),
            (_CREATE_USER, self._create_user),
            (_GRANT, lambda _match: SUCCESS),
            (_SET_KEY, self._set_key),
            (_UNSET_KEY, self._unset_key),
            (_ADD_TOKEN, self._add_token),
            (_REMOVE_TOKEN, self._remove_token),
            (_DESC_USER, self._describe_user),
            (_CREATE_INTEGRATION, self._create_integration),
            (_DESC_INTEGRATION, self._describe_integration),
            (IGNORED, lambda _match: SUCCESS),
        ]

    def rewrite(self, bare: str) -> str | None:
        """The statement to run instead; None when it is not about the account."""
        for pattern, command in self._commands:
            if match := pattern.match(bare):
                return command(match)
        return None

    def validated(self, bare: str) -> str:
        """`SYSTEM$VALIDATE_STORAGE_INTEGRATION` as the JSON it answers."""
        return _VALIDATE.sub(lambda match: literal(json.dumps(self._validate(match["name"]))), bare)

    def _create_role(self, match: re.Match[str]) -> str:
        self._account.create_role(match["name"])
        return SUCCESS

    def _create_user(self, match: re.Match[str]) -> str:
        self._account.create_user(match["name"], match["options"].strip(" ;\n"))
        return SUCCESS

    def _set_key(self, match: re.Match[str]) -> str:
        self._account.set_key(match["name"], match["slot"], match["key"])
        return SUCCESS

    def _unset_key(self, match: re.Match[str]) -> str:
        self._account.set_key(match["name"], match["slot"], None)
        return SUCCESS

    def _add_token(self, match: re.Match[str]) -> str:
        secret = self._account.add_token(match["name"], match["token"])
        row = {"token_name": match["token"].upper(), "token_secret": secret}
        return select([row], ("token_name", "token_secret"))

    def _remove_token(self, match: re.Match[str]) -> str:
        self._account.remove_token(match["name"], match["token"])
        return SUCCESS

    def _describe_user(self, match: re.Match[str]) -> str:
        return select(self._account.described_user(match["name"]), ("property", "value"))

    def _create_integration(self, match: re.Match[str]) -> str:
        options = {
            name.upper(): text or word or listed.replace("'", "")
            for name, text, word, listed in _OPTION.findall(match["options"])
        }
        self._account.create_integration(match["name"], options)
        return answer(f"Integration {match['name'].upper()} successfully created.")

    def _describe_integration(self, match: re.Match[str]) -> str:
        rows: list[dict[str, Any]] = [
            {
                "property": name,
                "property_type": "String",
                "property_value": value,
                "property_default": None,
            }
            for name, value in self._account.integration(match["name"]).items()
        ]
        return select(rows, _DESCRIBED)

    def _validate(self, name: str) -> dict[str, Any]:
        """Whether IAM's trust policy names us with the integration's external id."""
        integration = self._account.integration(name)
        role = integration["STORAGE_AWS_ROLE_ARN"].rpartition("/")[2]
        try:
            document: Any = self._iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        except (ClientError, BotoCoreError):
            document = {}
        if isinstance(document, str):
            document = json.loads(unquote(document))
        if any(_trusts(entry, integration) for entry in document.get("Statement", [])):
            return {"status": "success", "actions": {"LIST": {"status": "success"}}}
        message = (
            f"User: {integration['STORAGE_AWS_IAM_USER_ARN']} is not authorized to perform: "
            f"sts:AssumeRole on resource: {integration['STORAGE_AWS_ROLE_ARN']}"
        )
        return {"status": "failure", "message": message}


def _trusts(statement: dict[str, Any], integration: dict[str, str]) -> bool:
    asked = statement.get("Condition", {}).get("StringEquals", {}).get("sts:ExternalId")
    return bool(
        statement.get("Effect") == "Allow"
        and statement.get("Action") == "sts:AssumeRole"
        and statement.get("Principal", {}).get("AWS") == integration["STORAGE_AWS_IAM_USER_ARN"]
        and asked == integration["STORAGE_AWS_EXTERNAL_ID"]
    )
