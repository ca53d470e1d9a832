"""What only some papers have: the format, the organs of a joint paper, the masthead, how it ends, who attended.

`offered` knows what law and standard leave open for each kind, `content` turns answers into the fields of the
interchange format and back, `form` asks. Nothing here decides whether a paper is right: the rules do.
"""
