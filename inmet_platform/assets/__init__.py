"""The assets of the chain, one file each: they read, call a room, write, and return metadata.

Here belongs what Dagster shows and schedules. What an asset does belongs in the room of its noun.
"""
