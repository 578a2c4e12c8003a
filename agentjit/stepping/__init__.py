"""The step loop: look at a page, ask the model, act; with generic tools that know no site."""
