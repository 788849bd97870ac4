ALTER USER ${database}_READER SET RSA_PUBLIC_KEY = '${reader_public_key}';
