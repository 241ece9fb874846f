"""A report without numbers, for whoever would rather not count."""

from dataclasses import replace

from bot.skin.report import Finding, Report, Zone


def without_numbers(report: Report) -> Report:
    """The same findings in the same order; no counts, shares, angles, strengths or ages."""
    return replace(
        report,
        strengths=_all(report.strengths),
        watch=_all(report.watch),
        zones=tuple(_zone(zone) for zone in report.zones),
        rest=tuple(_zone(zone) for zone in report.rest),
        unsure=_all(report.unsure),
        untrue=_all(report.untrue),
        skin_age=None,
        moles=None,
        redness=None,
        tone=None,
    )


def _zone(zone: Zone) -> Zone:
    return replace(zone, seen=_all(zone.seen), not_seen=_all(zone.not_seen))


def _all(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(replace(finding, count=None, sure_count=None, share=None) for finding in findings)
