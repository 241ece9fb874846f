"""One photo on the terminal: the same intake, analyzer, words and drawing as in the chat, with nothing stored."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path

from bot.analysis import AccountBlocked, AnalysisUnavailable, Answer, PhotoRefused, pixel_tasks
from bot.analysis.choice import opened_measurer
from bot.config import Config
from bot.imaging.intake.clean_photo import CleanPhoto
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import Workshop
from bot.rendering.renderer import Renderer, plain
from bot.reports.crash_guard import read
from bot.skin.assess import assess
from bot.skin.card import TOLD, shown_on
from bot.skin.findings import findings
from bot.skin.photo import HINTS
from bot.skin.report import Finding
from bot.views.reports import FindingView, RefusalView, RejectionView, TerminalView


class PhotoUnusable(Exception):
    """The photo can't give a report; the message is for the person."""


class ServiceUnavailable(Exception):
    """The analyzer does not answer, or the operator's account is blocked; the message is for the person."""


@dataclass(frozen=True, kw_only=True)
class AnalyzedPhoto:
    """`redness`: the map over the photo, where there is one."""

    photo: CleanPhoto
    answer: Answer
    annotated: bytes = field(repr=False)
    redness: bytes | None = field(repr=False)


async def measure(config: Config, data: bytes, *, locale: str, renderer: Renderer) -> AnalyzedPhoto:
    """Raises PhotoUnusable, ServiceUnavailable. Doubts about the photo are told, and do not stop it."""
    try:
        with Workshop(pixel_tasks, workers=1) as workshop:
            photo = (await read(workshop, data)).photo
            async with opened_measurer(config, workshop) as measurer:
                answer = await measurer.analyzer.analyze(photo.jpeg, check_quality=not photo.issues - HINTS)
            low, high = plain(renderer.render("redness_scale", locale).text).split("\n")
            return await _drawn(workshop, photo, answer, (low, high))
    except PhotoRejected as error:
        words = renderer.render(RejectionView(reason=error.reason), locale)
        raise PhotoUnusable(plain(words.text)) from None
    except PhotoRefused as error:
        words = renderer.render(RefusalView(number=0, reason=error.reason), locale)
        raise PhotoUnusable(plain(words.text)) from None
    except (AnalysisUnavailable, AccountBlocked) as error:
        raise ServiceUnavailable(f"{type(error).__name__}: {error}") from None


async def _drawn(workshop: Workshop, photo: CleanPhoto, answer: Answer, ends: tuple[str, str]) -> AnalyzedPhoto:
    analysis, red_map = answer.analysis, answer.red_map
    shown = shown_on(TOLD, analysis, assess(analysis, doubts=photo.issues), left_out=())
    share = analysis.redness.area if analysis.redness else None
    return AnalyzedPhoto(
        photo=photo,
        answer=answer,
        annotated=await workshop.run(pixel_tasks.draw_card, photo, shown, analysis.face, red_map),
        redness=await workshop.run(pixel_tasks.draw_redness, photo, analysis.face, share, red_map, ends)
        if red_map
        else None,
    )


def write_pictures(measured: AnalyzedPhoto, folder: Path) -> tuple[str, ...]:
    """Write annotated.jpg, and redness.jpg where there is a map. Returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {"annotated.jpg": measured.annotated}
    if measured.redness is not None:
        pictures["redness.jpg"] = measured.redness
    for name, picture in pictures.items():
        (folder / name).write_bytes(picture)
    return tuple(str(folder / name) for name in pictures)


def as_text(measured: AnalyzedPhoto, *, locale: str, renderer: Renderer, pictures: tuple[str, ...]) -> str:
    report = assess(measured.answer.analysis, doubts=measured.photo.issues)
    return plain(renderer.render(TerminalView(report=report, pictures=pictures), locale).text)


def as_json(measured: AnalyzedPhoto, *, locale: str, renderer: Renderer, with_maps: bool = False) -> str:
    """The object that INTERFACE describes; the analysis is the API's own shape, as it came."""
    analysis, photo = measured.answer.analysis, measured.photo
    told = {
        "provider": analysis.provider,
        "analysis": _in_the_apis_shape(measured.answer, with_maps=with_maps),
        "photo": {
            "width": photo.width,
            "height": photo.height,
            "bytes": len(photo.jpeg),
            "issues": sorted(photo.issues),
        },
        "findings": [_finding(finding, locale=locale, renderer=renderer) for finding in findings(analysis)],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _in_the_apis_shape(answer: Answer, *, with_maps: bool) -> dict[str, object]:
    """A broken map is none."""
    raw = json.loads(answer.raw)
    told = {key: raw[key] for key in ("face_rectangle", "warning", "result") if key in raw}
    if with_maps and answer.red_map is not None:
        encoded = base64.b64encode(answer.red_map).decode()
        told["result"] = {**raw["result"], "face_maps": {"red_area": encoded}}
    return told


def _finding(finding: Finding, *, locale: str, renderer: Renderer) -> dict[str, object]:
    return {
        "key": finding.key,
        "region": finding.region,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "count": finding.count,
        "text": plain(renderer.render(FindingView(finding=finding), locale).text),
    }
