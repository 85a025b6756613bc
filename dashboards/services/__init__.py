"""What people of headquarters write down here; figures themselves are written by `dashboards.rollups` alone."""
