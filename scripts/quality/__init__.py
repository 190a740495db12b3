"""The quality gate: what is measured, the floors that it is held against, and the digests of the pages' texts."""
