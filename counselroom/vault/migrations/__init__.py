"""Steps from one schema version to the next, in literal SQL, and the runner that takes a vault through them."""
