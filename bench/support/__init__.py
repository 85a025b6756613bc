"""What the benchmarks share: the portal as processes, donors over HTTP, processor time, the two books."""
