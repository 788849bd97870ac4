"""An AWS account on loopback that enforces IAM, with an embedded Snowflake beside it.

MiniStack with AUTH=true checks every call against the caller's policies, the bucket's and the
queue's. Its owner (the key `test`) may everything; users that a test makes may what the stack says.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from inmet_platform.config.settings import Settings
from inmet_platform_tests.embedded import ROOT, EmbeddedCloud, write_home

TEMPLATE = ROOT / "infra" / "aws" / "storage.yaml"
EXTERNAL_ID = "inmet-external-id"
DEADLINE_S = 60.0
# Where the stack of the tests keeps what is the platform's.
PATH = "inmet/"


def over_tls(request: Any, **_: Any) -> None:
    """What a proxy adds that ends TLS; without it MiniStack takes a call for plain HTTP."""
    request.headers["X-Forwarded-Proto"] = "https"


@dataclass(frozen=True)
class Stack:
    """A deployed template: its name, parameters and outputs."""

    name: str
    parameters: dict[str, str]
    outputs: dict[str, str]

    @property
    def bucket(self) -> str:
        return self.parameters["BucketName"]

    @property
    def queue(self) -> str:
        return self.parameters["QueueName"]


class Account:
    """The account, through the eyes of its owner."""

    def __init__(self, cloud: EmbeddedCloud) -> None:
        self.cloud = cloud

    @cache  # noqa: B019 - an account is as old as its worker, and to make a client takes a while
    def client(self, service: Any, *, tls: bool = True, **keys: str) -> Any:
        """A boto3 client: of the owner, or of whoever has the keys."""
        arguments = {**self.cloud.settings.aws_client_arguments(), **keys}
        client = boto3.Session().client(service, **arguments)
        if tls:
            client.meta.events.register("before-send", over_tls)
        return client

    def deploy(self, stack: Stack | None = None, **parameters: str) -> Stack:
        """Create a stack with names of its own, or update one, as README.md does."""
        name = uuid.uuid4().hex[:10]
        values = {
            "BucketName": f"inmet-{name}",
            "QueueName": f"events-{name}",
            "SnowflakeExternalId": EXTERNAL_ID,
            **(stack.parameters if stack else {}),
            **parameters,
        }
        cloudformation = self.client("cloudformation")
        call = cloudformation.update_stack if stack else cloudformation.create_stack
        stack_name = stack.name if stack else f"inmet-{name}"
        call(
            StackName=stack_name,
            TemplateBody=TEMPLATE.read_text(),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in values.items()
            ],
        )
        end = "stack_update_complete" if stack else "stack_create_complete"
        waiter = cloudformation.get_waiter(end)
        waiter.wait(StackName=stack_name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        [described] = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
        outputs = {item["OutputKey"]: item["OutputValue"] for item in described["Outputs"]}
        return Stack(stack_name, values, outputs)

    def user(self, *policies: str) -> dict[str, str]:
        """The keys of a new user with these managed policies."""
        iam, name = self.client("iam"), f"user-{uuid.uuid4().hex[:10]}"
        iam.create_user(UserName=name)
        for policy in policies:
            iam.attach_user_policy(UserName=name, PolicyArn=policy)
        self._allow_batches(name, policies)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {
            "aws_access_key_id": key["AccessKeyId"],
            "aws_secret_access_key": key["SecretAccessKey"],
        }

    def _allow_batches(self, user: str, policies: tuple[str, ...]) -> None:
        """MiniStack asks for sqs:DeleteMessageBatch; on AWS sqs:DeleteMessage is for both."""
        iam = self.client("iam")
        for arn in policies:
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            answer = iam.get_policy_version(PolicyArn=arn, VersionId=version)
            document = answer["PolicyVersion"]["Document"]
            for statement in document["Statement"]:
                if "sqs:DeleteMessage" in statement["Action"]:
                    batches = {**statement, "Action": "sqs:DeleteMessageBatch"}
                    iam.put_user_policy(
                        UserName=user,
                        PolicyName="batches",
                        PolicyDocument=json.dumps({**document, "Statement": [batches]}),
                    )

    def channel(self, name: str = "") -> str:
        """A queue that any bucket may send to, as Snowflake's; its ARN."""
        sqs = self.client("sqs")
        url = sqs.create_queue(QueueName=name or f"sf-snowpipe-{uuid.uuid4().hex[:10]}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "s3.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn["QueueArn"],
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return str(arn["QueueArn"])

    def messages(self, queue: str, *, hidden_s: int = 600) -> list[dict[str, Any]]:
        """The bodies of what waits in a queue, at most ten, which are then hidden."""
        sqs = self.client("sqs")
        answer = sqs.receive_message(
            QueueUrl=sqs.get_queue_url(QueueName=queue)["QueueUrl"],
            MaxNumberOfMessages=10,
            VisibilityTimeout=hidden_s,
        )
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    def home(self, folder: Path, stack: Stack, keys: dict[str, str]) -> Settings:
        """The settings of README.md: the stack's names, somebody's keys, a database of its own."""
        return write_home(
            folder,
            **self.cloud.ports,
            **{name.upper(): value for name, value in keys.items()},
            S3_BUCKET=stack.bucket,
            S3_PATH=stack.parameters.get("S3Path", ""),
            RAW_EVENTS_QUEUE=stack.queue,
            BOOTSTRAP_STORAGE="false",
            SNOWFLAKE_DATABASE=f"DB_{stack.name[-10:]}",
        )


def await_true(condition: Any) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])
