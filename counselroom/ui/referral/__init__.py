"""Parts of the pages of referrals."""
