"""What people and administrators can do about accounts."""
