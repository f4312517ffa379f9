"""`python3 dev.py demo`: the main job, from an empty folder to a label, with real processes."""
