"""范本与常用语: what a paper may begin from, and sentences that stand ready while one writes.

The office's own and each person's are rows; those that come with the system are files here, so that an empty office has
them and none needs a migration. An office row of the same kind and name stands in the place of one of ours.
"""

from documents.stock.start import Start, filled, starts, starts_of
from documents.stock.texts import Phrases, phrases_for

__all__ = ["Phrases", "Start", "filled", "phrases_for", "starts", "starts_of"]
