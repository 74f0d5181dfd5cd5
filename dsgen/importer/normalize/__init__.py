"""A manifest without what nobody needs to state: corrected, of today's version, tidy, without defaults."""
