"""What the upload service and the data service share: errors as problem documents.

Here belongs what both answer alike; a question or an endpoint belongs to its service.
"""
