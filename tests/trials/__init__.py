"""Long trials of the whole command, on real pages with faults and kills, for ``scripts/trial``; tests run short ones."""
