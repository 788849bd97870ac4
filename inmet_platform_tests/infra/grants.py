"""What a policy grants, and what of it the platform's calls used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inmet_platform.config.settings import Settings
from inmet_platform_tests.infra.account import PATH, Account, Stack

Calls = list[tuple[str, dict[str, Any]]]

# AWS's service authorization reference: what a caller needs for each operation.
ACTIONS = {
    "HeadBucket": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "GetObject": "s3:GetObject",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "DeleteObject": "s3:DeleteObject",
    "GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "GetQueueUrl": "sqs:GetQueueUrl",
    "GetQueueAttributes": "sqs:GetQueueAttributes",
    "ReceiveMessage": "sqs:ReceiveMessage",
    "DeleteMessageBatch": "sqs:DeleteMessage",
}


def settings_of(account: Account, stack: Stack, folder: Path, *outputs: str) -> Settings:
    keys = account.user(*(stack.outputs[f"{name}PolicyArn"] for name in outputs))
    return account.home(folder, stack, keys)


def used(calls: Calls) -> set[tuple[str, str]]:
    """Action and what it was done to: a prefix of the bucket, the bucket, or a queue."""
    return {(ACTIONS[name], _object_of(params)) for name, params in calls}


def _object_of(params: dict[str, Any]) -> str:
    if "Key" in params:
        return str(params["Key"]).removeprefix(PATH).partition("/")[0]
    if "Bucket" in params:
        return "bucket"
    name = str(params.get("QueueName") or params["QueueUrl"])
    return "dead queue" if name.endswith("-dead") else "queue"


def granted(account: Account, stack: Stack, output: str) -> set[tuple[str, str]]:
    iam, arn = account.client("iam"), stack.outputs[f"{output}PolicyArn"]
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return {
        (action, _resource(resource))
        for statement in document["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _resource(arn: str) -> str:
    if ":sqs:" in arn:
        return "dead queue" if arn.endswith("-dead") else "queue"
    key = arn.partition("/")[2]
    return key.removeprefix(PATH).removesuffix("/*") if key else "bucket"
