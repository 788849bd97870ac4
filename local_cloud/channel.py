"""The queue to which a bucket tells its new objects, for the pipes: `notification_channel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inmet_platform.warehouse.account import policy

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

QUEUE_NAME = "sf-snowpipe-embedded"


def open_channel(sqs: SQSClient) -> tuple[str, str]:
    """Its address and its ARN; made when it is missing.

    As Snowflake's own, it takes the events of anybody's bucket.
    """
    url = sqs.create_queue(QueueName=QUEUE_NAME)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = answer["Attributes"]["QueueArn"]
    allowed = policy(
        Principal={"Service": "s3.amazonaws.com"}, Action="sqs:SendMessage", Resource=arn
    )
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": allowed})
    return url, arn
