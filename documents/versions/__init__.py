"""The text and its fate until it is issued: every version kept, any two compared in words and letters, what was signed
held to its hash, and what 复核 may set right of it (条例 第二十五条(一)).

It does not decide who approves: that is the engine's; and it draws no pages.
"""
