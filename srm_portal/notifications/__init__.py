"""In-app and mail notices: who should know of something, told once, in their language."""
