"""S3: the bucket's layout and objects, and the queue that tells of new ones.

Here belongs every call of S3 and SQS; not what an object holds or how far it is in the chain.
"""
