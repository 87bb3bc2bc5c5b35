"""Reading rosters in a limited child process."""
