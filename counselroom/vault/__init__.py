"""The encrypted vault: keys, the one open function, lanes, migrations, audit, search, attachments, backup."""
