"""The embedded cloud: S3, SQS and Snowflake with Snowpipe on loopback, see README.md.

A stand-in for development and for machines without an account. The platform never imports it:
it speaks to it over HTTP as it speaks to AWS and Snowflake.
"""
