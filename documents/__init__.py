"""Papers out and papers in: drafting, rules, numbering, the printed circular, distribution, archive.

It does not hold meetings, follow work or chase it: those rooms come later and may point here.
"""
