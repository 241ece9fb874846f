"""What each button carries: one table that makes the data and reads it back, for templates and routes alike.

Buttons stay in people's chats for years: a form is never changed or given another meaning, only added.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, TypeVarTuple, overload

_A = TypeVar("_A")
_B = TypeVar("_B")
_C = TypeVar("_C")
_D = TypeVar("_D")
_Values = TypeVarTuple("_Values")


class ButtonData(str):
    """What a button of ours carries; only a `Tap` makes it."""

    __slots__ = ()


@dataclass(frozen=True)
class Part(Generic[_A]):
    """One value within a button's data: what it looks like there, and how it is read."""

    pattern: str
    read: Callable[[str], _A]


class Tap(Generic[*_Values]):
    """One kind of button: `name:value:value…`."""

    def __init__(self, name: str, parts: tuple[Part[Any], ...] = ()) -> None:
        self.name: Final = name
        self.parts: Final = parts
        self._pattern = re.compile(":".join((re.escape(name), *(f"({part.pattern})" for part in parts))), re.ASCII)

    def __call__(self, *values: *_Values) -> ButtonData:
        """The data of such a button. Raises ValueError for what would not be read back."""
        data = ":".join((self.name, *(f"{value}" for value in values)))
        if self._pattern.fullmatch(data) is None:
            raise ValueError(f"no button of {self.name} carries this")
        return ButtonData(data)

    def read(self, data: str) -> tuple[*_Values] | None:
        """The values in a button's data; None when it is another button's."""
        found = self._pattern.fullmatch(data)
        if found is None:
            return None
        values: Any = tuple(part.read(text) for part, text in zip(self.parts, found.groups(), strict=True))
        return values  # type: ignore[no-any-return]  # `_tap` ties the parts' types to the values'


@overload
def _tap(name: str) -> Tap[()]: ...
@overload
def _tap(name: str, first: Part[_A], /) -> Tap[_A]: ...
@overload
def _tap(name: str, first: Part[_A], second: Part[_B], /) -> Tap[_A, _B]: ...
@overload
def _tap(name: str, first: Part[_A], second: Part[_B], third: Part[_C], fourth: Part[_D], /) -> Tap[_A, _B, _C, _D]: ...
def _tap(name: str, *parts: Part[Any]) -> Tap[*tuple[Any, ...]]:
    return Tap(name, parts)


_NUMBER: Final = Part(r"\d{1,9}", int)  # a report's, or a page's
_PHOTO: Final = Part(r"-?\d{1,9}", int)  # below zero while it is no report yet
_ID: Final = Part(r"\d{1,18}", int)
_PAGE: Final = Part(r"\d{1,6}", int)
_VERSION: Final = Part(r"\d{1,4}", int)
_WEEKDAY: Final = Part(r"[0-6]", int)
_HOUR: Final = Part(r"\d{1,2}", int)
_MINUTE: Final = Part(r"\d{1,4}", int)  # of a day
_OFFSET: Final = Part(r"-?\d{1,4}", int)  # minutes east of UTC
_KEY: Final = Part(r"[a-z_]{1,40}", str)  # a finding's, a mark's or a measure's
_LEVEL: Final = Part(r"\d{1,2}", int)  # of a feeling
_SPAN: Final = Part(r"[a-z0-9]{1,5}", str)
_SLOT: Final = Part(r"before|after", str)
_PARTS: Final = Part(r"\d{1,4}", int)  # the sum of `bot.views.sheet.SheetParts`
_LOCALE: Final = Part(r"[A-Za-z_-]{2,10}", str)
_MARK: Final = Part(r"[0-9a-f]{8}", str)
_ZONE: Final = Part(r"[\w/+-]{1,50}", str)

# the way in
consent_yes: Final = _tap("consent:yes", _VERSION)
consent_here: Final = _tap("consent:here", _VERSION)
consent_unversioned: Final = _tap("consent:yes")  # under a question of an earlier version
consent_ask: Final = _tap("consent:ask")
consent_no: Final = _tap("consent:no")
adult_yes: Final = _tap("adult:yes")
adult_no: Final = _tap("adult:no")
privacy: Final = _tap("privacy")
guide: Final = _tap("guide")
anyway: Final = _tap("anyway", _PHOTO)
again: Final = _tap("again", _PHOTO)
read_here: Final = _tap("here", _PHOTO)

# under reports
history: Final = _tap("history", _NUMBER)
report: Final = _tap("report", _NUMBER)
details: Final = _tap("details", _NUMBER)
redness: Final = _tap("redness", _NUMBER)
picture: Final = _tap("picture", _NUMBER)
card: Final = _tap("card", _NUMBER, _KEY)
unnote: Final = _tap("unnote", _NUMBER)
dispute: Final = _tap("dispute", _NUMBER)
dispute_finding: Final = _tap("dispute", _NUMBER, _KEY)
question_answer: Final = _tap("answer", _NUMBER, _KEY)
question_again: Final = _tap("ask", _NUMBER)
try_step: Final = _tap("try", _NUMBER)
tried: Final = _tap("tried", _NUMBER, _KEY)
somebody_else: Final = _tap("else", _NUMBER)
tell_again: Final = _tap("tellagain", _NUMBER, _KEY)
repeat: Final = _tap("repeat", _NUMBER)
progress: Final = _tap("progress")
progress_measure: Final = _tap("progress", _KEY, _SPAN)
compare: Final = _tap("compare")
compare_pair: Final = _tap("compare", _NUMBER, _NUMBER)
pick: Final = _tap("pick", _SLOT, _NUMBER, _NUMBER, _PAGE)

# how it feels
feel: Final = _tap("feel")
feel_again: Final = _tap("feel:again")
feel_how: Final = _tap("feel:how", _KEY)
felt: Final = _tap("felt", _KEY, _LEVEL)
felt_none: Final = _tap("felt:none")
feel_eyes: Final = _tap("feel:eyes")
feel_off: Final = _tap("feel:off")
feel_forget: Final = _tap("feel:forget")
feel_forget_yes: Final = _tap("feel:forget:yes")

# what is used
products: Final = _tap("products")
product_new: Final = _tap("product:new", _NUMBER)  # of a report with a note, 0 for none
product_use: Final = _tap("product:use", _NUMBER, _KEY)
product_stop: Final = _tap("product:stop", _ID)
product_remove: Final = _tap("product:remove", _ID)

# about oneself
settings: Final = _tap("settings")
settings_age: Final = _tap("settings:age")
settings_language: Final = _tap("settings:lang", _LOCALE)
settings_quiet: Final = _tap("settings:quiet")
settings_feel: Final = _tap("settings:feel")
settings_pictures: Final = _tap("settings:pictures")
settings_sharing: Final = _tap("settings:share")
settings_share_yes: Final = _tap("settings:share:yes")
settings_share_no: Final = _tap("settings:share:no")
settings_veil: Final = _tap("settings:veil")
settings_guard: Final = _tap("settings:guard")
settings_marks: Final = _tap("settings:marks")
settings_mark: Final = _tap("settings:mark", _KEY)
mydata: Final = _tap("mydata")
move: Final = _tap("move")
export: Final = _tap("export")
sheet: Final = _tap("sheet")
sheet_parts: Final = _tap("sheet", _PARTS)
sheet_make: Final = _tap("sheet:make", _PARTS)
pictures: Final = _tap("pictures")
pictures_ask: Final = _tap("pictures:ask")
pictures_yes: Final = _tap("pictures:yes")
pictures_no: Final = _tap("pictures:no")
withdraw_ask: Final = _tap("withdraw:ask")
withdraw_unsaid: Final = _tap("withdraw:yes")  # of an earlier version: it says not what becomes of the reports
withdraw_erase: Final = _tap("withdraw:erase")
withdraw_keep: Final = _tap("withdraw:keep")
withdraw_no: Final = _tap("withdraw:no")
keep: Final = _tap("keep")
delete_ask: Final = _tap("delete:ask")
delete_yes: Final = _tap("delete:yes")
delete_no: Final = _tap("delete:no")

# for admins
admin: Final = _tap("admin")
admin_pause: Final = _tap("admin:pause")
admin_resume: Final = _tap("admin:resume")
admin_invite: Final = _tap("admin:invite", _NUMBER)
admin_invitations: Final = _tap("admin:invitations")
admin_revoke: Final = _tap("admin:revoke", _NUMBER)
admin_notice: Final = _tap("admin:notice")
admin_notice_anew: Final = _tap("admin:notice:anew")
admin_notice_drop: Final = _tap("admin:notice:drop")
admin_notice_send: Final = _tap("admin:notice:send", _NUMBER)
admin_notice_look: Final = _tap("admin:notice:look", _NUMBER)
admin_notice_stop: Final = _tap("admin:notice:stop", _NUMBER)

# reminders
remind: Final = _tap("remind")
remind_days: Final = _tap("remind:day")
remind_day: Final = _tap("remind:day", _WEEKDAY)
remind_night: Final = _tap("remind:night", _WEEKDAY)
remind_hour: Final = _tap("remind:hour", _WEEKDAY, _HOUR)
remind_time: Final = _tap("remind:time", _WEEKDAY, _MINUTE)
remind_on: Final = _tap("remind:on")
remind_stop: Final = _tap("remind:stop")
remind_no: Final = _tap("remind:no")
remind_scan: Final = _tap("remind:scan")
remind_tomorrow: Final = _tap("remind:tomorrow")
remind_skip: Final = _tap("remind:skip")
remind_feel: Final = _tap("remind:feel")
remind_eyes: Final = _tap("remind:eyes")
zone: Final = _tap("zone")
zone_clock: Final = _tap("zone:clock")
zone_place: Final = _tap("zone:place")
zone_offset: Final = _tap("zone:offset", _OFFSET)
zone_set: Final = _tap("zone:set", _ZONE)

# experiments
experiment: Final = _tap("experiment")
experiment_new: Final = _tap("experiment:new")
experiment_note: Final = _tap("experiment:note", _NUMBER)
experiment_edit: Final = _tap("experiment:edit", _KEY)
experiment_judged: Final = _tap("experiment:judged", _KEY)
experiment_design: Final = _tap("experiment:design", _KEY)
experiment_length: Final = _tap("experiment:length", _NUMBER, _NUMBER)
experiment_side: Final = _tap("experiment:side", _KEY)
experiment_begin: Final = _tap("experiment:begin", _MARK)
experiment_discard: Final = _tap("experiment:discard")
experiment_ask: Final = _tap("experiment:ask", _KEY)
experiment_do: Final = _tap("experiment:do", _KEY)
experiment_burns: Final = _tap("experiment:burns")
experiment_answer: Final = _tap("experiment:answer", _NUMBER)
experiment_menu: Final = _tap("experiment:menu")

EVERY: Final[Mapping[str, Tap[*tuple[Any, ...]]]] = {
    name: each for name, each in globals().items() if isinstance(each, Tap)
}
