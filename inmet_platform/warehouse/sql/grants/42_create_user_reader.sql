-- TYPE = SERVICE: no password, no browser; it signs in with its key.
CREATE USER IF NOT EXISTS ${database}_READER
    TYPE = SERVICE
    DEFAULT_ROLE = ${database}_READER
    DEFAULT_WAREHOUSE = ${warehouse}
    COMMENT = 'INMET platform';
