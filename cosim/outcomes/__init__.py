"""What is measured at the end of each month."""
