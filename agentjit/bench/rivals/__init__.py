"""Other people's agents as systems under test: programs in virtual environments of their own."""
