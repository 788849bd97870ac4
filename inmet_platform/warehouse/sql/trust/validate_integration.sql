-- Lists with the AWS role: whether its trust policy lets Snowflake in. The name is case-sensitive.
SELECT
    SYSTEM$VALIDATE_STORAGE_INTEGRATION(
        '${storage_integration}', '${landing_url}', 'validate', 'list'
    ) AS validation;
