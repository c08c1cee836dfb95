"""The thread itself: decisions, commitments, measures, changes, links, claims, clocks; and the seam for practices."""
