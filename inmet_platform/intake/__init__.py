"""A raw object to landing Parquet files: the first step of the chain.

Here belongs how members are spread over processes and written; how a form is read: `inmet/readers`.
"""
