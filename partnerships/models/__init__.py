"""Who promised: partners, memoranda, commitments."""
