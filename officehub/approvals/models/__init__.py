from officehub.approvals.models.routes import Route, RouteVersion, Stage
from officehub.approvals.models.runs import Run, Step, StockPhrase

__all__ = ["Route", "RouteVersion", "Run", "Stage", "Step", "StockPhrase"]
