"""What came of processing, told to the history of tasks and to scripts."""

from dataclasses import dataclass


@dataclass
class Report:
    """What came of one round."""

    taken: int = 0
    done: int = 0
    unmatched: int = 0
    failed: int = 0
    parked: int = 0
    waiting: int = 0
    message: str = ""

    def __add__(self, other: "Report") -> "Report":
        return Report(
            taken=self.taken + other.taken,
            done=self.done + other.done,
            unmatched=self.unmatched + other.unmatched,
            failed=self.failed + other.failed,
            parked=self.parked + other.parked,
            waiting=self.waiting + other.waiting,
            message=other.message or self.message,
        )

    @property
    def sentence(self) -> str:
        """Say it in words; what did not happen is not mentioned."""
        told = [
            f"{number} {word}"
            for number, word in (
                (self.done, "processados"),
                (self.unmatched, "sem contrato aqui"),
                (self.failed, "a tentar de novo"),
                (self.waiting, "aguardando o ERP"),
                (self.parked, "parados com erro"),
            )
            if number
        ]
        counts = ", ".join(told) + "." if told else "Nenhum aviso esperava."
        return f"{counts} {self.message}".strip()
