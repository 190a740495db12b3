"""Other people's WARC files by the thousand: each becomes a file of rows, on one machine or on many."""
