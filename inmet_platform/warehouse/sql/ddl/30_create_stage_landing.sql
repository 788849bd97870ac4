CREATE STAGE IF NOT EXISTS RAW.LANDING
    URL = '${landing_url}'
    STORAGE_INTEGRATION = ${storage_integration};
