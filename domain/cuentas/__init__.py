"""Who signs in, and the stations that he signs in at: the machinery's own tables."""
