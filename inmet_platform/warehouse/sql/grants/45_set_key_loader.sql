ALTER USER ${database}_LOADER SET RSA_PUBLIC_KEY = '${loader_public_key}';
