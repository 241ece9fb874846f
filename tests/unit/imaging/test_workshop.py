"""Pixels are worked beside the event loop, and behind it."""

import os
import sys
import threading

import pytest

from bot.imaging.workshop import Workshop


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has no priority of its own here")
async def test_the_event_loop_comes_first() -> None:
    """The kernel prefers the thread that answers people to those that work on pictures."""
    with Workshop() as workshop:
        theirs = await workshop.run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert theirs > os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
