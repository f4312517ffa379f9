"""What the machinery itself keeps of differences between people."""
