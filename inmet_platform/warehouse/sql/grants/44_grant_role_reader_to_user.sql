GRANT ROLE ${database}_READER TO USER ${database}_READER;
