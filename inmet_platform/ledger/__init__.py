"""Where every file is: the ledger `RAW.FILES`, and its copy in S3 for the upload service.

Here belongs what is known of a file and who works on it; not what is done with the file.
"""
