"""Who must agree, in what order, and what each of them said of which text.

It does not know what is approved: the subject answers a few questions and is told how it ended.
"""
