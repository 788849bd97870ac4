"""`create_bucket.py --endpoint URL BUCKET`: create a bucket of an S3-compatible store.

Keys and region come from the environment as boto3 reads them. A bucket that is there is well.
"""

from __future__ import annotations

import argparse
import sys

import boto3
from botocore.exceptions import BotoCoreError, ClientError

THERE = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


def main() -> None:
    """Create it, and say so in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bucket")
    parser.add_argument("--endpoint", required=True, help="such as http://artifacts:9000")
    arguments = parser.parse_args()
    try:
        s3 = boto3.client("s3", endpoint_url=arguments.endpoint)
        s3.create_bucket(Bucket=arguments.bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in THERE:
            sys.exit(f"create_bucket: {arguments.bucket} at {arguments.endpoint}: {error}")
    except BotoCoreError as error:
        sys.exit(f"create_bucket: {arguments.endpoint} does not answer: {error}")
    sys.stdout.write(f"bucket {arguments.bucket} is there\n")


main()
