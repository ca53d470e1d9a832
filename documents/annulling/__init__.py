"""撤销 and 废止 of issued papers (条例 第三十三条): who decided it, from when a paper is void, and where that is seen.

It never touches the paper itself or its stored original; what is void is only said so, on every page and print of it.
"""
