"""What differs per machine: a Protocol and one class each."""
