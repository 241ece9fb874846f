"""What a person writes in words of their own, heard for what they may need. Pure: nothing is kept, nothing logged.

Every text is heard in all languages, whatever language the person chose. A new topic is a member of `Topic`, a section
in each file of `words/`, and its words in messages/heard.html.j2. Where the lists and the numbers come from:
docs/listening.md.
"""

from bot.listening.helplines import Helpline, helplines
from bot.listening.listener import heard, is_question, listen
from bot.listening.topics import Heard, Subject, Topic

__all__ = ["Heard", "Helpline", "Subject", "Topic", "heard", "helplines", "is_question", "listen"]
