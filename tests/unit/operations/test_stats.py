"""What an admin is told in /admin."""

from bot.operations.stats import refusals_by_kind
from bot.skin.photo import PhotoIssue, RefusalReason, RejectReason
from bot.views.operator import RefusalKind


def test_each_reason_for_which_photos_are_refused_has_its_kind() -> None:
    """Only what the vendor does not say, and what it makes up since, is another reason."""
    reasons = {*RejectReason, *RefusalReason, *PhotoIssue}
    unnamed = {reason for reason in reasons if refusals_by_kind({reason: 1}) == {RefusalKind.OTHER: 1}}
    assert unnamed == {RefusalReason.CONTENT_REFUSED}


def test_refusals_are_told_by_kind_the_most_frequent_first() -> None:
    told = refusals_by_kind({"no_face": 1, "blurred": 1, "too_dark": 2, "of a later version": 1})
    assert next(iter(told.items())) == (RefusalKind.QUALITY, 3)
    assert told == {RefusalKind.QUALITY: 3, RefusalKind.FACE: 1, RefusalKind.OTHER: 1}
