"""The demonstration: a counsellor's whole day on an invented school, each step checked."""
