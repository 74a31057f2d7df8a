"""The screens of the app, one a file; a style sheet of its own stands beside the screen."""
