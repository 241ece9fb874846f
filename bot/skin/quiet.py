"""A report without numbers, for whoever would rather not count."""

from dataclasses import replace

from bot.skin.report import Finding, Report


def without_numbers(report: Report) -> Report:
    """The same findings in the same order; no counts, shares, strengths or ages."""
    return replace(
        report,
        watch=_all(report.watch),
        also=_all(report.also),
        unsure=_all(report.unsure),
        hardly_seen=_all(report.hardly_seen),
        untrue=_all(report.untrue),
        skin_age=None,
        moles=None,
        redness=None,
    )


def _all(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(replace(finding, count=None, sure_count=None, share=None) for finding in findings)
