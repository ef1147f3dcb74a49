"""What happens without a page: everything here runs on the clock."""
