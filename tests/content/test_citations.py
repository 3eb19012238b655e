"""The BibTeX of every record of this repository, each field compared with the ledger."""

from __future__ import annotations

import re
from datetime import date

import pytest
from citing import plain, read_back, whole
from conftest import ROOT

from papernotes.data import ledger
from papernotes.data.ledger import Record
from papernotes.pages.files import bibtex, venues

RECORDS = ledger.read(ROOT / "docs", ROOT, today=date.max)[0]


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_an_entry_says_what_the_ledger_says(record: Record) -> None:
    kind, name, fields, people = read_back(bibtex.entry(record, names=["Llama 2", "Emu Video"]))
    assert name == bibtex.key(record) == bibtex.former_key(record)
    assert plain(fields["title"]) == record.title
    assert [whole(parts) for parts in people] == list(record.authors)
    assert (fields["eprint"], fields["archiveprefix"]) == (record.arxiv, "arXiv")
    assert fields.get("primaryclass") == record.category
    assert fields["url"] == f"https://arxiv.org/abs/{record.arxiv}"
    if record.venue is None:
        assert kind == "misc"
        assert fields.get("doi") == record.doi
        assert fields["year"] == str(record.published.year if record.published else 2000 + int(record.arxiv[:2]))
        assert not {"booktitle", "journal", "note"} & set(fields)
    else:
        short, year = re.findall(r"\w+", record.venue)[0], re.findall(r"(?:19|20)[0-9]{2}", record.venue)[0]
        assert kind == ("article" if short in venues.JOURNALS else "inproceedings"), "the ledger knows the venue"
        assert fields["year"] == year
        assert fields.get("booktitle", fields.get("journal")) == {**venues.PROCEEDINGS, **venues.JOURNALS}[short]
        assert "doi" not in fields, "that of the ledger is the preprint's"
        assert fields.get("volume") == ("23" if short == "JMLR" else None)
        assert (
            (f"({fields['note']})".lower() in record.venue.lower())
            if "note" in fields
            else record.venue.count("(") == (short == "JMLR")
        )


def test_no_key_of_the_ledger_changed() -> None:
    entries = bibtex.entries(RECORDS.values())
    assert not [text for text in entries.values() if "  ids = " in text]
