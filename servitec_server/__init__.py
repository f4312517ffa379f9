"""The central API: apply, feed, live, routes, administration."""
