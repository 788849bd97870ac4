-- Billed by the second, 60 at the least: it sleeps after a minute. No statement of the platform
-- takes an hour, so one that does is cut off.
CREATE WAREHOUSE IF NOT EXISTS ${warehouse}
WAREHOUSE_SIZE = XSMALL
AUTO_SUSPEND = 60
AUTO_RESUME = TRUE
INITIALLY_SUSPENDED = TRUE
STATEMENT_TIMEOUT_IN_SECONDS = 3600
STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = 600;
