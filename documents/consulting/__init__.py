"""征求意见 of departments, the gates before sign-off (R12, R50, R51), and papers that carry others (印发、转发、批转).

It does not decide: people agree in the approval of the paper; here is what must be known and settled before.
"""
