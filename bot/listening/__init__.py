"""What a person writes in words of their own, heard for what they may need. Pure: nothing is kept, nothing logged.

Every text is heard in all languages, whatever language the person chose. A new topic is a member of `Topic`, a section
in each file of `words/`, and its words in messages/heard.html.j2.
"""

from bot.listening.listener import heard
from bot.listening.topics import Topic

__all__ = ["Topic", "heard"]
