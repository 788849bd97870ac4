-- What people and dashboards ask CLEAN with.
CREATE ROLE IF NOT EXISTS ${database}_READER;
