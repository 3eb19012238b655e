"""A paper's HTML asked of arXiv, with the pace, the retries and the limits of a refresh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from papernotes.base.arxiv import ArxivId
from papernotes.refresh.reading.outline import UnreadableError
from papernotes.refresh.services.service import ARXIV_HTML, access
from papernotes.refresh.services.transport import Channel, Deadline, Limits, NoAnswerError, Request, explain, in_time

LIMITS: Final = Limits(total=90.0, read=20.0, retries=2)
"""Of all that one run asks for; a paper takes some seconds."""


class SilentError(Exception):
    """arXiv did not answer. The text says why, in one line; another time it may."""


def way(environment: Mapping[str, str], limits: Limits) -> Channel:
    """The way to arXiv's HTML: for all papers of a run, so that its pace is kept. Raises: SettingError."""
    return Channel(access(ARXIV_HTML, environment), limits, Deadline(limits.total))


def fetch(id_: ArxivId, channel: Channel) -> bytes:
    """Ask for the HTML of a paper; without a version for that of the newest.

    Raises: UnreadableError where arXiv has none, SilentError where it does not answer in the channel's time.
    """
    try:
        reply = in_time(lambda: channel.send(Request(path=str(id_))), channel.deadline.remaining())
    except NoAnswerError as error:
        raise SilentError(str(error)) from None
    except Exception as error:  # a fault of this program, told as such
        raise SilentError(f"this program failed ({type(error).__name__})") from None
    if reply is None:
        raise SilentError(f"no answer within {channel.deadline.seconds:.0f} s")
    if reply.status == 404:
        raise UnreadableError(f"arXiv has no HTML of {id_}; save its PDF and give that: FILE=paper.pdf")
    if reply.status != 200:
        raise SilentError(explain(reply))
    return reply.body
