"""What buttons carry: made and read back by one table."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import taps
from bot.views.taps import Tap

TELEGRAMS_LIMIT: Final = 64  # bytes

# Every form that a button of ours ever had, as the repository's history tells it, and what each of them means.
EVER: Final[Mapping[str, tuple[str, tuple[object, ...]]]] = {
    "consent:yes": ("consent_unversioned", ()),
    "consent:yes:1": ("consent_yes", (1,)),
    "consent:yes:3": ("consent_yes", (3,)),
    "consent:here:3": ("consent_here", (3,)),
    "consent:ask": ("consent_ask", ()),
    "consent:no": ("consent_no", ()),
    "privacy": ("privacy", ()),
    "guide": ("guide", ()),
    "anyway:7": ("anyway", (7,)),
    "anyway:-7": ("anyway", (-7,)),
    "again:7": ("again", (7,)),
    "here:-7": ("read_here", (-7,)),
    "again:-999999999": ("again", (-999999999,)),
    "history:0": ("history", (0,)),
    "report:7": ("report", (7,)),
    "report:999999999": ("report", (999999999,)),
    "details:7": ("details", (7,)),
    "redness:7": ("redness", (7,)),
    "picture:7": ("picture", (7,)),
    "card:7:skin_spot": ("card", (7, "skin_spot")),
    "unnote:7": ("unnote", (7,)),
    "dispute:7": ("dispute", (7,)),
    "dispute:7:dark_circle": ("dispute_finding", (7, "dark_circle")),
    "dispute:7:pores_left_cheek": ("dispute_finding", (7, "pores_left_cheek")),
    "answer:7:heat": ("question_answer", (7, "heat")),
    "ask:7": ("question_again", (7,)),
    "try:7": ("try_step", (7,)),
    "tried:7:partly": ("tried", (7, "partly")),
    "else:7": ("somebody_else", (7,)),
    "tellagain:7:mole": ("tell_again", (7, "mole")),
    "repeat:7": ("repeat", (7,)),
    "adult:yes": ("adult_yes", ()),
    "adult:no": ("adult_no", ()),
    "progress": ("progress", ()),
    "progress:red_spots:90": ("progress_measure", ("red_spots", "90")),
    "progress:red_spots:all": ("progress_measure", ("red_spots", "all")),
    "compare": ("compare", ()),
    "compare:1:7": ("compare_pair", (1, 7)),
    "pick:before:1:7:0": ("pick", ("before", 1, 7, 0)),
    "pick:after:1:7:12": ("pick", ("after", 1, 7, 12)),
    "feel": ("feel", ()),
    "feel:again": ("feel_again", ()),
    "feel:how:burning": ("feel_how", ("burning",)),
    "felt:burning:10": ("felt", ("burning", 10)),
    "felt:none": ("felt_none", ()),
    "feel:eyes": ("feel_eyes", ()),
    "feel:off": ("feel_off", ()),
    "feel:forget": ("feel_forget", ()),
    "feel:forget:yes": ("feel_forget_yes", ()),
    "remind:feel": ("remind_feel", ()),
    "remind:eyes": ("remind_eyes", ()),
    "settings:feel": ("settings_feel", ()),
    "products": ("products", ()),
    "product:new:0": ("product_new", (0,)),
    "product:use:7:started": ("product_use", (7, "started")),
    "product:stop:123456789012": ("product_stop", (123456789012,)),
    "product:remove:1": ("product_remove", (1,)),
    "settings": ("settings", ()),
    "settings:age": ("settings_age", ()),
    "settings:lang:es": ("settings_language", ("es",)),
    "settings:lang:pt_BR": ("settings_language", ("pt_BR",)),
    "settings:quiet": ("settings_quiet", ()),
    "settings:pictures": ("settings_pictures", ()),
    "settings:share": ("settings_sharing", ()),
    "settings:share:yes": ("settings_share_yes", ()),
    "settings:share:no": ("settings_share_no", ()),
    "settings:veil": ("settings_veil", ()),
    "settings:guard": ("settings_guard", ()),
    "settings:marks": ("settings_marks", ()),
    "settings:mark:closed_comedones": ("settings_mark", ("closed_comedones",)),
    "mydata": ("mydata", ()),
    "export": ("export", ()),
    "move": ("move", ()),
    "sheet": ("sheet", ()),
    "sheet:3": ("sheet_parts", (3,)),
    "sheet:make:3": ("sheet_make", (3,)),
    "pictures": ("pictures", ()),
    "pictures:ask": ("pictures_ask", ()),
    "pictures:yes": ("pictures_yes", ()),
    "pictures:no": ("pictures_no", ()),
    "withdraw:ask": ("withdraw_ask", ()),
    "withdraw:yes": ("withdraw_unsaid", ()),
    "withdraw:erase": ("withdraw_erase", ()),
    "withdraw:keep": ("withdraw_keep", ()),
    "withdraw:no": ("withdraw_no", ()),
    "keep": ("keep", ()),
    "delete:ask": ("delete_ask", ()),
    "delete:yes": ("delete_yes", ()),
    "delete:no": ("delete_no", ()),
    "remind": ("remind", ()),
    "remind:day": ("remind_days", ()),
    "remind:day:6": ("remind_day", (6,)),
    "remind:night:0": ("remind_night", (0,)),
    "remind:hour:5:9": ("remind_hour", (5, 9)),
    "remind:hour:5:23": ("remind_hour", (5, 23)),
    "remind:time:5:1425": ("remind_time", (5, 1425)),
    "remind:on": ("remind_on", ()),
    "remind:stop": ("remind_stop", ()),
    "remind:no": ("remind_no", ()),
    "remind:scan": ("remind_scan", ()),
    "remind:tomorrow": ("remind_tomorrow", ()),
    "remind:skip": ("remind_skip", ()),
    "admin": ("admin", ()),
    "admin:pause": ("admin_pause", ()),
    "admin:resume": ("admin_resume", ()),
    "admin:invite:20": ("admin_invite", (20,)),
    "admin:invitations": ("admin_invitations", ()),
    "admin:revoke:3": ("admin_revoke", (3,)),
    "admin:notice": ("admin_notice", ()),
    "admin:notice:anew": ("admin_notice_anew", ()),
    "admin:notice:drop": ("admin_notice_drop", ()),
    "admin:notice:send:7": ("admin_notice_send", (7,)),
    "admin:notice:look:7": ("admin_notice_look", (7,)),
    "admin:notice:stop:7": ("admin_notice_stop", (7,)),
    "zone": ("zone", ()),
    "zone:clock": ("zone_clock", ()),
    "zone:place": ("zone_place", ()),
    "zone:offset:-180": ("zone_offset", (-180,)),
    "zone:offset:765": ("zone_offset", (765,)),
    "zone:set:America/Argentina/Buenos_Aires": ("zone_set", ("America/Argentina/Buenos_Aires",)),
    "zone:set:Etc/GMT+3": ("zone_set", ("Etc/GMT+3",)),
    "experiment": ("experiment", ()),
    "experiment:menu": ("experiment_menu", ()),
    "experiment:new": ("experiment_new", ()),
    "experiment:note:7": ("experiment_note", (7,)),
    "experiment:edit:judged": ("experiment_edit", ("judged",)),
    "experiment:judged:redness": ("experiment_judged", ("redness",)),
    "experiment:design:half_face": ("experiment_design", ("half_face",)),
    "experiment:length:12:3": ("experiment_length", (12, 3)),
    "experiment:side:left": ("experiment_side", ("left",)),
    "experiment:begin:0123abcd": ("experiment_begin", ("0123abcd",)),
    "experiment:burns": ("experiment_burns", ()),
    "experiment:answer:7": ("experiment_answer", (7,)),
    "experiment:discard": ("experiment_discard", ()),
    "experiment:ask:pause": ("experiment_ask", ("pause",)),
    "experiment:do:go_on": ("experiment_do", ("go_on",)),
}

FORGED: Final = (
    "",
    "report",
    "report:",
    "report:x",
    "report:1:2",
    "report:-1",
    "report:1234567890",
    "report:7\n",
    "report:\u0667",
    "delete:yes:1",
    "remind:day:7",
    "pick:beside:1:7:0",
    "xkeep",
    "keepx",
)


def readings(data: str) -> dict[str, tuple[object, ...]]:
    return {name: values for name, tap in taps.EVERY.items() if (values := tap.read(data)) is not None}


@pytest.mark.parametrize("data", EVER)
def test_old_button_means_what_it_meant(data: str) -> None:
    """Every form there ever was is read, by one kind of button alone, and is made byte for byte the same today."""
    name, values = EVER[data]
    assert readings(data) == {name: values}
    assert taps.EVERY[name](*values) == data


def test_every_kind_of_button_is_among_them() -> None:
    """A new kind is added here, and none is ever taken out."""
    assert {name for name, _ in EVER.values()} == set(taps.EVERY)


@pytest.mark.parametrize("data", FORGED)
def test_forged_data_are_nobodys(data: str) -> None:
    """What none of our buttons carries is read by none."""
    assert readings(data) == {}


@st.composite
def carried(draw: st.DrawFn) -> tuple[str, tuple[Any, ...]]:
    name = draw(st.sampled_from(sorted(taps.EVERY)))
    patterns = taps.EVERY[name].parts
    texts = [draw(st.from_regex(f"(?a:{part.pattern})", fullmatch=True)) for part in patterns]
    return name, tuple(part.read(text) for part, text in zip(patterns, texts, strict=True))


@given(carried())
def test_what_a_button_carries_is_read_back(button: tuple[str, tuple[Any, ...]]) -> None:
    """By its own kind with the same values, by no other, and Telegram takes it."""
    name, values = button
    data = taps.EVERY[name](*values)
    assert readings(data) == {name: values}
    assert len(data.encode()) <= TELEGRAMS_LIMIT


@pytest.mark.parametrize(
    ("tap", "value"), [(taps.report, -1), (taps.report, 10**9), (taps.remind_day, 7), (taps.zone_set, "no zone")]
)
def test_button_that_no_route_would_read_is_not_made(tap: Tap[Any], value: object) -> None:
    """It would be a dead button on somebody's screen."""
    with pytest.raises(ValueError, match="no button of"):
        tap(value)
