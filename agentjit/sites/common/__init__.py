"""The common ground of all sites: settings, sessions, latency, records and the server."""
