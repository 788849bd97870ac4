-- Owns the pipes; nobody signs in with it: bootstrap takes it on through the hierarchy.
CREATE ROLE IF NOT EXISTS ${database}_OWNER;
