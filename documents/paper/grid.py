"""The measures of GB/T 9704-2012 that everything else is reckoned from; lengths in mm, type in points.

28 characters fill 156 mm, and a line is a character and 7/8 of its height (3.1, 3.2, 5.2.3), so 22 lines fill 225 mm.
"""

POINT = 25.4 / 72  # mm

PAGE = (210.0, 297.0)  # 5.1
AREA_TOP, AREA_LEFT, AREA_WIDTH, AREA_HEIGHT = 37.0, 28.0, 156.0, 225.0  # 5.2.1
AREA_BOTTOM = AREA_TOP + AREA_HEIGHT
AREA_RIGHT = AREA_LEFT + AREA_WIDTH

CHARS, LINES = 28, 22  # 5.2.3
CHAR = AREA_WIDTH / CHARS
PITCH = CHAR * 15 / 8
HALF_LEADING = (PITCH - CHAR) / 2

BODY = 16.0  # 3号
SMALL = 14.0  # 4号
TITLE = 22.0  # 2号
TRACKING = CHAR / POINT - BODY  # 16 pt is a hair too wide for 28 characters in 156 mm
FRAME_TOP = AREA_TOP - HALF_LEADING  # a line box begins half its leading above its characters
