"""The role of the template by which Snowflake reads and writes the bucket."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from inmet_platform_tests.infra.account import EXTERNAL_ID, Account, Stack, refused


class TestSnowflakesRole:
    def _assumed(
        self, account: Account, stack: Stack, keys: dict[str, str], **external: str
    ) -> Any:
        answer = account.client("sts", **keys).assume_role(
            RoleArn=stack.outputs["SnowflakeRoleArn"], RoleSessionName="snowflake", **external
        )
        secret = answer["Credentials"]
        return account.client(
            "s3",
            aws_access_key_id=secret["AccessKeyId"],
            aws_secret_access_key=secret["SecretAccessKey"],
            aws_session_token=secret["SessionToken"],
        )

    def _snowflake(self, account: Account) -> tuple[str, dict[str, str]]:
        """A user as Snowflake has one, who may assume roles; his ARN and keys."""
        iam = account.client("iam")
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
        policy = iam.create_policy(
            PolicyName=f"assume-{uuid.uuid4().hex[:10]}",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )["Policy"]["Arn"]
        keys = account.user(policy)
        arn = account.client("sts", **keys).get_caller_identity()["Arn"]
        return arn, keys

    def test_it_reads_landing_unloads_to_export_and_sees_nothing_else(
        self, account: Account
    ) -> None:
        arn, keys = self._snowflake(account)
        stack = account.deploy(SnowflakeUserArn=arn, S3Path="inmet/")
        owner = account.client("s3")
        for key in ("inmet/raw/a", "inmet/landing/a", "inmet/status/a"):
            owner.put_object(Bucket=stack.bucket, Key=key, Body=b"x")
        s3 = self._assumed(account, stack, keys, ExternalId=EXTERNAL_ID)
        of = {"Bucket": stack.bucket}
        s3.get_bucket_location(**of)
        for prefix in ("inmet/landing/", "inmet/export/", "inmet/landing/observations/"):
            s3.list_objects_v2(**of, Prefix=prefix)
        s3.get_object(**of, Key="inmet/landing/a")
        s3.put_object(**of, Key="inmet/export/a", Body=b"x")
        s3.get_object(**of, Key="inmet/export/a")
        s3.delete_object(**of, Key="inmet/export/a")
        codes = [
            refused(s3.list_objects_v2, **of, Prefix="inmet/raw/"),
            refused(s3.list_objects_v2, **of),
            refused(s3.get_object, **of, Key="inmet/raw/a"),
            refused(s3.get_object, **of, Key="inmet/status/a"),
            refused(s3.get_object, **of, Key="landing/a"),
            refused(s3.put_object, **of, Key="inmet/landing/a", Body=b"x"),
            refused(s3.delete_object, **of, Key="inmet/landing/a"),
        ]
        assert set(codes) == {"AccessDenied"}

    def test_only_snowflakes_user_with_our_external_id_assumes_it(self, account: Account) -> None:
        arn, keys = self._snowflake(account)
        _, others = self._snowflake(account)
        stack = account.deploy(SnowflakeUserArn=arn)
        for who, external in ((keys, "another-id"), (others, EXTERNAL_ID)):
            with pytest.raises(ClientError, match="AccessDenied"):
                self._assumed(account, stack, who, ExternalId=external)
        with pytest.raises(ClientError, match="AccessDenied"):
            self._assumed(account, stack, keys)
        self._assumed(account, stack, keys, ExternalId=EXTERNAL_ID)

    def test_the_integrations_user_is_filled_in_afterwards(self, account: Account) -> None:
        arn, keys = self._snowflake(account)
        stack = account.deploy()
        before = stack.outputs["SnowflakeRoleArn"]
        stack = account.deploy(stack, SnowflakeUserArn=arn)
        assert stack.outputs["SnowflakeRoleArn"] == before, "the integration names this role"
        self._assumed(account, stack, keys, ExternalId=EXTERNAL_ID)
