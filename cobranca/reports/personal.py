"""Meu desempenho: a collector's own figures, and nobody else's."""

from datetime import datetime

from cobranca.reports.board import Board
from cobranca.reports.boards.effectiveness import effectiveness
from cobranca.reports.boards.promises import promises
from cobranca.reports.filters import Filters


def own_board(filters: Filters, at: datetime) -> Board:
    """Return the work and the promises of the collector that the filters name."""
    if filters.collector is None:
        raise ValueError("whose board?")
    work, promised = effectiveness(filters, at), promises(filters, at)
    says = f"{work.says} {_promised(promised)}"
    rate = next(figure for figure in promised.figures if figure.key == "rate")
    return Board(says, [*work.figures, rate], [*work.charts, *promised.charts], at)


def _promised(board: Board) -> str:
    if board.says.startswith("Nenhuma"):
        return board.says
    return f"Promessas para o período: {board.says[:1].lower()}{board.says[1:]}"
