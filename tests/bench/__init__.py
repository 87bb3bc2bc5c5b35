"""Benchmarks: ratios inside one run, over real vaults and services. Run by `make bench`, options in ARGS."""
