"""Formatted text as Telegram reads it: strict HTML in, plain text and entities out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.playground.server.wire import Raw, bad_request

_TYPES: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_ENTITY: Final = re.compile(r"&(?:(lt|gt|amp|quot)(?![a-zA-Z])|#x([0-9a-fA-F]{1,8})|#([0-9]{1,9}));?")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE: Final = re.compile(r"""\s*([^\s=>/"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([0-9A-Za-z.\-]+)(?=[\s>])))?""")
_DETECTED: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[a-z]{2,}(?:\.[a-z]{2,})*)"
    r"|(?<![\w/@#])(?:(?P<bot_command>/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/])"
    r"|(?P<mention>@[a-zA-Z0-9_]{4,32})(?!\w)|(?P<hashtag>\#\w*[^\W\d]\w*))"
)


@dataclass(frozen=True)
class Text:
    """Plain text and its entities (offsets and lengths in UTF-16 units)."""

    plain: str = ""
    entities: tuple[Raw, ...] = ()

    @property
    def length(self) -> int:
        """UTF-16 units: never fewer than the characters that the limits of the Bot API count."""
        return units(self.plain)


@dataclass(frozen=True, kw_only=True)
class _Open:
    tag: str
    argument: str
    offset: int
    begin: int


@dataclass
class _Reading:
    """The state of one pass over the source. Positions in messages are bytes, as in Telegram's own parser."""

    source: str
    at: int = 0
    offset: int = 0
    plain: list[str] = field(default_factory=list)
    entities: list[Raw] = field(default_factory=list)
    nested: list[_Open] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.plain.append(text)
        self.offset += units(text)

    def wrong(self, what: str, *, begin: int) -> Exception:
        where = len(self.source[:begin].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {what} at byte offset {where}")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def from_html(source: str) -> Text:
    """Parse as Telegram does. Raises Refused with Telegram's own words."""
    reading = _Reading(source)
    while reading.at < len(source):
        if source[reading.at] == "<":
            _tag(reading)
        else:
            _characters(reading)
    if reading.nested:
        tag = reading.nested[-1].tag
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
    entities = sorted(reading.entities, key=_outer_first)
    return _trimmed("".join(reading.plain), entities)


def plain(source: str, entities: Sequence[Raw] = ()) -> Text:
    return _trimmed(source, list(entities))


def detected(text: Text) -> Text:
    """With the links, commands, mentions and tags that Telegram finds by itself."""
    taken = [(_number(e, "offset"), _end(e)) for e in text.entities if e["type"] in {"pre", "code", "text_link"}]
    found: list[Raw] = []
    for match in _DETECTED.finditer(text.plain):
        offset, length = units(text.plain[: match.start()]), units(match.group())
        if match.lastgroup and not any(begin < offset + length and offset < end for begin, end in taken):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return Text(text.plain, tuple(sorted([*text.entities, *found], key=_outer_first))) if found else text


def _characters(reading: _Reading) -> None:
    source = reading.source
    match = _ENTITY.match(source, reading.at)
    character = _character(match) if match else ""
    if match and character:
        reading.write(character)
        reading.at = match.end()
        return
    end = min((p for p in (source.find("<", reading.at), source.find("&", reading.at + 1)) if p >= 0), default=None)
    reading.write(source[reading.at : end])
    reading.at = len(source) if end is None else end


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2], 16) if match[2] else int(match[3])
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else ""


def _tag(reading: _Reading) -> None:
    if reading.source[reading.at + 1 : reading.at + 2] == "/":
        _end_tag(reading)
    else:
        _start_tag(reading)


def _start_tag(reading: _Reading) -> None:
    begin = reading.at
    end = _until(reading.source, begin + 1)
    tag = reading.source[begin + 1 : end].lower()
    if end == len(reading.source):
        raise reading.wrong("Unclosed start tag", begin=begin)
    if tag not in _TYPES:
        raise reading.wrong(f'Unsupported start tag "{tag}"', begin=begin)
    reading.at = end
    argument = _argument(tag, _attributes(reading, tag, begin))
    if tag == "span" and argument != "spoiler":
        raise reading.wrong('Tag "span" must have class "tg-spoiler"', begin=begin)
    reading.nested.append(_Open(tag=tag, argument=argument, offset=reading.offset, begin=len(reading.plain)))


def _attributes(reading: _Reading, tag: str, begin: int) -> dict[str, str]:
    found: dict[str, str] = {}
    source = reading.source
    while True:
        reading.at += len(source[reading.at :]) - len(source[reading.at :].lstrip())
        if reading.at >= len(source):
            raise reading.wrong(f'Unclosed start tag "{tag}"', begin=begin)
        if source[reading.at] == ">":
            reading.at += 1
            return found
        match = _ATTRIBUTE.match(source, reading.at)
        if match is None:
            raise reading.wrong(f'Empty attribute name in the tag "{tag}"', begin=begin)
        if source[match.end() :].lstrip()[:1] == "=":
            raise reading.wrong(f'Unclosed start tag "{tag}"', begin=begin)
        value = next((v for v in match.groups()[1:] if v is not None), "")
        found[match[1].lower()] = _ENTITY.sub(lambda m: _character(m) or m.group(), value)
        reading.at = match.end()


def _argument(tag: str, attributes: dict[str, str]) -> str:
    if tag == "a":
        return attributes.get("href", "")
    if tag == "blockquote":
        return "expandable" if "expandable" in attributes else ""
    if tag == "code":
        css = attributes.get("class", "")
        return css.removeprefix("language-") if css.startswith("language-") else ""
    if tag == "span":
        return attributes.get("class", "").removeprefix("tg-")
    return attributes.get({"tg-emoji": "emoji-id", "tg-time": "unix"}.get(tag, ""), "")


def _end_tag(reading: _Reading) -> None:
    begin = reading.at
    if not reading.nested:
        raise reading.wrong("Unexpected end tag", begin=begin)
    end = _until(reading.source, begin + 2)
    name = reading.source[begin + 2 : end]
    rest = reading.source[end:].lstrip()
    if not rest.startswith(">"):
        raise reading.wrong("Unclosed end tag", begin=begin)
    opened = reading.nested.pop()
    if name and name.lower() != opened.tag:
        expected = f'Unmatched end tag at byte offset {{}}, expected "</{opened.tag}>", found "</{name}>"'
        where = len(reading.source[:begin].encode("utf-8", "surrogatepass"))
        raise bad_request("can't parse entities: " + expected.format(where))
    reading.at = len(reading.source) - len(rest) + 1
    if reading.offset > opened.offset:
        _close(reading, opened)


def _until(source: str, at: int) -> int:
    """Where the name that begins at `at` ends."""
    while at < len(source) and source[at] != ">" and not source[at].isspace():
        at += 1
    return at


def _close(reading: _Reading, opened: _Open) -> None:
    entity: Raw = {
        "type": _TYPES[opened.tag],
        "offset": opened.offset,
        "length": reading.offset - opened.offset,
    }
    last = reading.entities[-1] if reading.entities else {}
    same_place = last.get("offset") == entity["offset"] and last.get("length") == entity["length"]
    match opened.tag:
        case "a":
            url = opened.argument or "".join(reading.plain[opened.begin :])
            if not re.match(r"(?:https?|tg|ton|mailto|tel)[:]|[\w-]+\.[\w.-]+", url):
                return  # Telegram drops what is no link and keeps the words
            entity["url"] = url
        case "blockquote" if opened.argument:
            entity["type"] = "expandable_blockquote"
        case "pre" if same_place and last.get("type") == "code" and "language" in last:
            reading.entities.pop()
            entity["language"] = last["language"]
        case "code" if opened.argument:
            entity["language"] = opened.argument
        case "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        case "tg-time":
            entity["unix_time"] = int(opened.argument or 0)
        case _:
            pass
    reading.entities.append(entity)


def _trimmed(text: str, entities: list[Raw]) -> Text:
    """Without white space around it, entities moved along and cut to what is left."""
    stripped = text.strip()
    lead = units(text[: len(text) - len(text.lstrip())])
    end = units(stripped)
    kept: list[Raw] = []
    for entity in entities:
        begin = max(0, _number(entity, "offset") - lead)
        stop = min(end, _end(entity) - lead)
        if stop > begin:
            kept.append(_bare(entity) | {"offset": begin, "length": stop - begin})
    return Text(stripped, tuple(kept))


def _bare(entity: Raw) -> Raw:
    """Only a `pre` shows its language."""
    return {name: value for name, value in entity.items() if name != "language" or entity["type"] == "pre"}


def _number(entity: Raw, name: str) -> int:
    value = entity.get(name)
    if not isinstance(value, int):
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
    return value


def _end(entity: Raw) -> int:
    return _number(entity, "offset") + _number(entity, "length")


def _outer_first(entity: Raw) -> tuple[int, int]:
    return _number(entity, "offset"), -_number(entity, "length")
