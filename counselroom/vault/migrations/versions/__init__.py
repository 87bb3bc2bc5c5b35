"""One module a step. A step says everything itself: the model of tomorrow must not change what it does."""
