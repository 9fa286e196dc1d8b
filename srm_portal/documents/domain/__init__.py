"""What an uploaded file is, judged by name, bytes and structure; nothing is believed because it is said."""
