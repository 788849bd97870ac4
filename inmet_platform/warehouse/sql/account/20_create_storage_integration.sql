-- IF NOT EXISTS: a replaced integration gets another identity, and stages lose it. The external id
-- is ours: one that Snowflake makes would change with the integration, and break the trust.
CREATE STORAGE INTEGRATION IF NOT EXISTS ${storage_integration}
TYPE = EXTERNAL_STAGE
STORAGE_PROVIDER = 'S3'
ENABLED = TRUE
STORAGE_AWS_ROLE_ARN = '${storage_role_arn}'
STORAGE_AWS_EXTERNAL_ID = '${storage_external_id}' -- noqa: PRS
STORAGE_ALLOWED_LOCATIONS = ('${landing_url}', '${export_url}');
