-- One file: the prefix is its whole name. A refresh without one would load RAW again after a
-- pipe was replaced, whose history is gone.
ALTER PIPE RAW.${table}_PIPE REFRESH PREFIX = %(file_name)s;
