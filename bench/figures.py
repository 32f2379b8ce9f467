"""A figure with its bound, and the line that says whether it was kept."""

import operator
from dataclasses import dataclass

KEPT = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Figure:
    """One measured number. `op` is <= or >=; without an op the figure is only told."""

    name: str
    value: float
    unit: str
    op: str = ""
    bound: float = 0.0

    @property
    def kept(self) -> bool:
        return not self.op or KEPT[self.op](self.value, self.bound)

    def line(self) -> str:
        bound = f" (bound {self.op} {self.bound:g})" if self.op else ""
        return f"bench {self.name} {self.value:.4g} {self.unit}{bound} {'ok' if self.kept else 'missed'}"
