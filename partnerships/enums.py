"""Words of this room that tables keep."""
