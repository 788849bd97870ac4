SELECT raw_key
FROM RAW.FILES
WHERE raw_key >= %(first_key)s;
