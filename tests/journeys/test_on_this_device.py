"""The whole bot with the on-device analyzer: no key, no call, and the photo goes nowhere."""

from tests.journeys.stage import SELFIE, Stage, is_consent_question, is_report


async def test_a_selfie_becomes_a_report_without_a_key(stage: Stage) -> None:
    """The same report as any other: picture, words, details and redness; the vendor is never called."""
    stage.settings |= {"ANALYZER": "local"}
    async with stage.running():
        ada = await stage.consenting()
        report = ada.last
        assert is_report(report)
        assert "Not measured on this device" in report.caption
        assert report.photo is not None

        await ada.press(report, "redness:1")
        await ada.wait_for(lambda message: message.photo is not None and message.message_id > report.message_id)
        await ada.press(report, "details:1")
        details = await ada.wait_for(lambda message: "in this photo's light" in message.text)

    assert "ITA" in details.text
    assert stage.ailab.calls == []


async def test_the_consent_says_that_the_photo_stays_here(stage: Stage) -> None:
    """Who sees the photo differs with the analyzer, and is told before the first one."""
    stage.settings |= {"ANALYZER": "local"}
    async with stage.running():
        ada = stage.telegram.person(1)
        await ada.send_photo(SELFIE)
        question = await ada.wait_for(is_consent_question)

    assert "AILabTools" not in question.text
    assert "this server" in question.text
