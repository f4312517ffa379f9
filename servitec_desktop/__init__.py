"""The Qt application and its command line."""
