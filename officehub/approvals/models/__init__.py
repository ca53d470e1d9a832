from officehub.approvals.models.routes import Permit, Route, RouteVersion, Stage
from officehub.approvals.models.runs import Advice, Bypass, OpinionFile, Run, Step, StockPhrase, Visit

__all__ = [
    "Advice",
    "Bypass",
    "OpinionFile",
    "Permit",
    "Route",
    "RouteVersion",
    "Run",
    "Stage",
    "Step",
    "StockPhrase",
    "Visit",
]
