"""Measurements that can be repeated; figures of the last run stand in docs/benchmarks.md."""
