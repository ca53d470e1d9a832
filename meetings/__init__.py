"""Meetings: rooms, topics, agendas, minutes and the decisions they yield (built by a later issue).

It does not draft papers (documents does) nor follow the work a decision makes (tasks does).
"""
