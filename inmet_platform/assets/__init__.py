"""The assets of the chain, each thin: read, call, write, return metadata."""
