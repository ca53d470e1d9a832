"""After the first distribution: lists, scope, numbered copies, receipts, chasing, certificates of service and recall.

It sends what is printed and sealed; it prints nothing new but the numbered copies, and decides nothing for the issuer.
"""
