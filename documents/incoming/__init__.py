"""Papers in (收文办理, 条例 第二十四条): registered, screened, read or acted on, answered, filed.

It issues no paper of its own: an answer in writing is drafted as any outgoing paper is, and only tied to its question.
"""
