"""The template of infra/aws, deployed by CloudFormation: what it makes does what it is for."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from cfnlint.decode import cfn_yaml

from inmet_platform.warehouse.bootstrap import MOST_RECEIVES
from inmet_platform_tests.infra.account import TEMPLATE, Account, Stack, refused


def _created(bodies: list[dict[str, Any]]) -> list[str]:
    """The keys that events name, without S3's test event."""
    return [record["s3"]["object"]["key"] for body in bodies for record in body.get("Records", [])]


@pytest.mark.parametrize("path", ["", "shared/inmet/"])
def test_each_prefix_tells_its_own_queue_and_no_other(account: Account, path: str) -> None:
    channel = account.channel()
    stack = account.deploy(S3Path=path, SnowpipeChannelArn=channel)
    by_parts = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    for prefix in ("raw", "landing", "status", "export"):
        account.client("s3").upload_fileobj(
            io.BytesIO(b"x" * (6 << 20)), stack.bucket, f"{path}{prefix}/a", Config=by_parts
        )
    assert _created(account.messages(stack.queue)) == [f"{path}raw/a"]
    assert _created(account.messages(channel.rpartition(":")[2])) == [f"{path}landing/a"]


def test_the_channel_is_joined_by_an_update_and_raw_keeps_its_queue(account: Account) -> None:
    stack = account.deploy()
    s3 = account.client("s3")
    s3.put_object(Bucket=stack.bucket, Key="landing/before", Body=b"x")
    channel = account.channel()
    account.deploy(stack, SnowpipeChannelArn=channel)
    for key in ("raw/a", "landing/a"):
        s3.put_object(Bucket=stack.bucket, Key=key, Body=b"x")
    assert _created(account.messages(stack.queue)) == ["raw/a"]
    assert _created(account.messages(channel.rpartition(":")[2])) == ["landing/a"]


def test_no_other_bucket_and_no_service_user_may_send_to_the_queue(account: Account) -> None:
    stack = account.deploy()
    s3, sqs = account.client("s3"), account.client("sqs")
    url = sqs.get_queue_url(QueueName=stack.queue)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    s3.create_bucket(Bucket=f"other-{stack.bucket}")
    told = {"QueueArn": arn["QueueArn"], "Events": ["s3:ObjectCreated:*"]}
    code = refused(
        s3.put_bucket_notification_configuration,
        Bucket=f"other-{stack.bucket}",
        NotificationConfiguration={"QueueConfigurations": [told]},
    )
    assert code == "InvalidArgument"
    keys = account.user(stack.outputs["PlatformPolicyArn"], stack.outputs["UploadPolicyArn"])
    user = account.client("sqs", **keys)
    assert "AccessDenied" in refused(user.send_message, QueueUrl=url, MessageBody="x")


def test_a_message_received_too_often_ends_in_the_dead_letter_queue(account: Account) -> None:
    stack = account.deploy()
    account.client("s3").put_object(Bucket=stack.bucket, Key="raw/poison", Body=b"x")
    for _ in range(MOST_RECEIVES):
        assert _created(account.messages(stack.queue, hidden_s=0)) == ["raw/poison"]
    assert account.messages(stack.queue) == []
    assert _created(account.messages(f"{stack.queue}-dead")) == ["raw/poison"]


def test_the_bucket_is_private_and_keeps_versions(account: Account) -> None:
    stack = account.deploy()
    s3 = account.client("s3")
    block = s3.get_public_access_block(Bucket=stack.bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    assert len(block) == 4
    assert s3.get_bucket_versioning(Bucket=stack.bucket)["Status"] == "Enabled"
    for body in (b"1", b"2"):
        s3.put_object(Bucket=stack.bucket, Key="raw/a", Body=body)
    s3.delete_object(Bucket=stack.bucket, Key="raw/a")
    versions = s3.list_object_versions(Bucket=stack.bucket, Prefix="raw/")
    assert (len(versions["Versions"]), len(versions["DeleteMarkers"])) == (2, 1)


def test_a_call_without_tls_is_refused_to_whoever_may_with_it(account: Account) -> None:
    stack = account.deploy()
    keys = account.user(stack.outputs["UploadPolicyArn"])
    put = {"Bucket": stack.bucket, "Key": "raw/a", "Body": b"x"}
    plain = account.client("s3", tls=False, **keys)
    assert refused(plain.put_object, **put) == "AccessDenied"
    account.client("s3", **keys).put_object(**put)


def _properties(account: Account, stack: Stack) -> dict[str, Any]:
    """The bucket's properties as the deployed template has them, with its parameters filled in."""
    answer = account.client("cloudformation").get_template(
        StackName=stack.name, TemplateStage="Processed"
    )
    assert answer["TemplateBody"] == TEMPLATE.read_text()
    template = cfn_yaml.loads(answer["TemplateBody"])
    path = stack.parameters.get("S3Path", "")
    text = json.dumps(template["Resources"]["Bucket"]["Properties"])
    text = text.replace(
        '{"Ref": "LandingDays"}', str(template["Parameters"]["LandingDays"]["Default"])
    )
    for prefix in ("landing/", "export/", "status/"):
        text = text.replace(json.dumps({"Fn::Sub": f"${{S3Path}}{prefix}"}), f'"{path}{prefix}"')
    properties: dict[str, Any] = json.loads(text)
    return properties


def test_s3_takes_the_lifecycle_and_nothing_of_it_touches_raw(account: Account) -> None:
    """MiniStack's CloudFormation leaves lifecycle and encryption out: they are put by S3's API."""
    stack = account.deploy(S3Path="inmet/")
    rules = []
    for rule in _properties(account, stack)["LifecycleConfiguration"]["Rules"]:
        asked = {"ID": rule["Id"], "Status": rule["Status"]}
        asked["Filter"] = {"Prefix": rule.get("Prefix", "")}
        if "ExpirationInDays" in rule:
            asked["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
        for name in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
            asked |= {name: rule[name]} if name in rule else {}
        rules.append(asked)
    s3 = account.client("s3")
    s3.put_bucket_lifecycle_configuration(
        Bucket=stack.bucket, LifecycleConfiguration={"Rules": rules}
    )
    found = s3.get_bucket_lifecycle_configuration(Bucket=stack.bucket)["Rules"]
    told = {
        rule["Filter"].get("Prefix", ""): set(rule) - {"ID", "Status", "Filter"} for rule in found
    }
    assert told == {
        "inmet/landing/": {"Expiration", "NoncurrentVersionExpiration"},
        "inmet/export/": {"Expiration", "NoncurrentVersionExpiration"},
        "inmet/status/": {"NoncurrentVersionExpiration"},
        "": {"AbortIncompleteMultipartUpload"},
    }
    days = {rule["ID"]: rule["Expiration"]["Days"] for rule in found if "Expiration" in rule}
    assert days["landing"] > 14, "Snowpipe knows a path for 14 days"


def test_s3_takes_the_encryption(account: Account) -> None:
    stack = account.deploy()
    written = _properties(account, stack)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    rules = [
        {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
        for rule in written
    ]
    s3 = account.client("s3")
    s3.put_bucket_encryption(
        Bucket=stack.bucket, ServerSideEncryptionConfiguration={"Rules": rules}
    )
    s3.put_object(Bucket=stack.bucket, Key="raw/a", Body=b"x")
    assert s3.head_object(Bucket=stack.bucket, Key="raw/a")["ServerSideEncryption"] == "AES256"


@pytest.mark.parametrize(
    "wrong",
    [
        {"S3Path": "no-slash"},
        {"BucketName": "With.Dots"},
        {"LandingDays": "14"},
        {"SnowflakeUserArn": "snowflake"},
        {"SnowpipeChannelArn": "arn:aws:sns:us-east-1:123456789012:topic"},
    ],
    ids=str,
)
def test_a_wrong_parameter_is_refused_before_anything_is_made(
    account: Account, wrong: dict[str, str]
) -> None:
    with pytest.raises(ClientError, match="ValidationError"):
        account.deploy(**wrong)


def test_the_steps_name_parameters_and_outputs_that_the_template_has() -> None:
    template = cfn_yaml.loads(TEMPLATE.read_text())
    steps = (TEMPLATE.parent / "README.md").read_text()
    given = re.findall(r"--parameter-overrides (.*)", steps)
    parameters = {name for line in given for name in re.findall(r"(\w+)=", line)}
    assert {"BucketName", "SnowflakeUserArn", "SnowpipeChannelArn"} <= parameters
    assert parameters <= set(template["Parameters"])
    outputs = set(re.findall(r"\b\w+(?:PolicyArn|RoleArn|ProfileName|Url)\b", steps))
    assert len(outputs) >= 9
    assert outputs <= set(template["Outputs"])
