SELECT SYSTEM$PIPE_STATUS(%(pipe_name)s) AS pipe_status;
