"""Where a paper was published: what the ledger says in short, as a reference manager has it in full."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

PROCEEDINGS: Final = {
    "3DV": "International Conference on 3D Vision",
    "AAAI": "Proceedings of the AAAI Conference on Artificial Intelligence",
    "ACL": "Proceedings of the Annual Meeting of the Association for Computational Linguistics",
    "AISTATS": "International Conference on Artificial Intelligence and Statistics",
    "BMVC": "British Machine Vision Conference",
    "COLING": "Proceedings of the International Conference on Computational Linguistics",
    "COLM": "Conference on Language Modeling",
    "COLT": "Conference on Learning Theory",
    "CVPR": "Proceedings of the Conference on Computer Vision and Pattern Recognition",
    "CoRL": "Conference on Robot Learning",
    "EACL": "Proceedings of the Conference of the European Chapter of the Association for Computational Linguistics",
    "ECCV": "Proceedings of the European Conference on Computer Vision",
    "EMNLP": "Proceedings of the Conference on Empirical Methods in Natural Language Processing",
    "ICASSP": "International Conference on Acoustics, Speech and Signal Processing",
    "ICCV": "Proceedings of the International Conference on Computer Vision",
    "ICLR": "International Conference on Learning Representations",
    "ICML": "International Conference on Machine Learning",
    "ICRA": "International Conference on Robotics and Automation",
    "IJCAI": "Proceedings of the International Joint Conference on Artificial Intelligence",
    "Interspeech": "Interspeech",
    "KDD": "Proceedings of the Conference on Knowledge Discovery and Data Mining",
    "MLSys": "Proceedings of Machine Learning and Systems",
    "NAACL": "Proceedings of the Conference of the North American Chapter of the Association for Computational Linguistics",
    "NIPS": "Advances in Neural Information Processing Systems",
    "NeurIPS": "Advances in Neural Information Processing Systems",
    "RSS": "Robotics: Science and Systems",
    "SIGGRAPH": "SIGGRAPH Conference Papers",
    "UAI": "Conference on Uncertainty in Artificial Intelligence",
    "WACV": "Proceedings of the Winter Conference on Applications of Computer Vision",
}
"""Conferences; without the sponsors and the count of years, which come and go (`IEEE/CVF`, `Thirty-seventh`)."""

JOURNALS: Final = {
    "JAIR": "Journal of Artificial Intelligence Research",
    "JMLR": "Journal of Machine Learning Research",
    "Nature": "Nature",
    "PNAS": "Proceedings of the National Academy of Sciences",
    "Science": "Science",
    "TACL": "Transactions of the Association for Computational Linguistics",
    "TMLR": "Transactions on Machine Learning Research",
    "TPAMI": "IEEE Transactions on Pattern Analysis and Machine Intelligence",
}

_VENUE: Final = re.compile(
    r"(?P<name>[A-Za-z0-9]+) (?:(?P<volume>[0-9]+) )?(?P<open>\()?(?P<year>(?:19|20)[0-9]{2})(?(open)\))(?: \((?P<note>[^()]+)\))?"
)


@dataclass(frozen=True)
class Published:
    """A venue that is known."""

    kind: Literal["inproceedings", "article"]
    title: str
    """Of the proceedings or of the journal."""
    year: int
    volume: str | None
    note: str | None
    """What the ledger says beside it: `oral`."""


def published(venue: str | None) -> Published | None:
    """Read a venue of the ledger: `NeurIPS 2023 (oral)`, `JMLR 23 (2022)`; None where it is another, or none.

    A workshop is another venue than its conference.
    """
    match = _VENUE.fullmatch(venue or "")
    if match is None:
        return None
    name, volume, year, note = match["name"], match["volume"], int(match["year"]), match["note"]
    if name in JOURNALS:
        return Published("article", JOURNALS[name], year, volume, note)
    if name in PROCEEDINGS and volume is None and not (match["open"] or "workshop" in (note or "").lower()):
        return Published("inproceedings", PROCEEDINGS[name], year, None, note)
    return None
