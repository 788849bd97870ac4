"""Landing files to RAW, which Snowpipe loads: waiting, watching, mending, replacing a pipe.

Here belongs what the platform does about a pipe; the pipe itself is made by `warehouse`.
"""
