"""Pages that nobody wrote: whatever they hold, extraction ends with an answer, and with the same one each time."""
