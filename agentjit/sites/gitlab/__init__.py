"""A replica of GitLab: projects, files, issues, merge requests, members; and the tools for it."""
