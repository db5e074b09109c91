"""Evenkeel's speed beside its peers: `make bench`. The ratios count, not the times of one machine."""
