"""Performs what the machine commands: browsers, tabs, values, approval, journal, evidence."""
