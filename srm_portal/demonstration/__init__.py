"""A realistic demonstration company, made through the same services that people use.

Every name is invented. The past is written by giving services an earlier `now`; nothing bypasses them.
"""
