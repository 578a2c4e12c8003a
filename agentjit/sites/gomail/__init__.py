"""Gomail: a web mail client, with folders, labels, search, drafts and batch actions."""
