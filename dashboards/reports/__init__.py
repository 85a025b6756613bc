"""Reports: what headquarters tells of a period, as sections of lines. Page and files come with the base."""
