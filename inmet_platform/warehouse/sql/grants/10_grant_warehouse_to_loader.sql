GRANT USAGE ON WAREHOUSE ${warehouse} TO ROLE ${database}_LOADER;
