-- What the platform unloads to write its files for people.
CREATE STAGE IF NOT EXISTS RAW.EXPORT
    URL = '${export_url}'
    STORAGE_INTEGRATION = ${storage_integration};
