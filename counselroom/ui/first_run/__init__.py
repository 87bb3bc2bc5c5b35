"""The first run and the restore without a vault: a row of steps, one task at a time. Imported when it is wanted."""
