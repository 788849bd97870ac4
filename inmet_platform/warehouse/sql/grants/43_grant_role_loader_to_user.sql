GRANT ROLE ${database}_LOADER TO USER ${database}_LOADER;
