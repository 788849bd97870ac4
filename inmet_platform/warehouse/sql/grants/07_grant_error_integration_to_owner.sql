-- Who makes a pipe that names it needs USAGE.
GRANT USAGE ON INTEGRATION ${error_integration_name} TO ROLE ${database}_OWNER;
