"""What the bot hears: one module per journey; `register` shows every route on one screen."""

from dataclasses import dataclass
from typing import Any

from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, filters

from handlers.erasure import Erasure
from handlers.errors import Errors
from handlers.everything_else import EverythingElse
from handlers.hearing import Handle, tap
from handlers.history import History
from handlers.mydata import MyData
from handlers.photos import Photos
from handlers.remarks import Remarks
from handlers.settings import Settings
from handlers.stats import Stats
from handlers.welcome import Welcome

BotApplication = Application[Any, Any, Any, Any, Any, Any]  # the library's own type parameters


@dataclass(frozen=True, kw_only=True)
class Journeys:
    welcome: Welcome
    photos: Photos
    history: History
    settings: Settings
    mydata: MyData
    remarks: Remarks
    erasure: Erasure
    stats: Stats
    everything_else: EverythingElse
    errors: Errors


def register(application: BotApplication, journeys: Journeys) -> None:
    """Every way into the bot. The first route that fits is taken."""
    welcome, photos, history = journeys.welcome, journeys.photos, journeys.history
    settings, erasure, other = journeys.settings, journeys.erasure, journeys.everything_else
    mydata, remarks = journeys.mydata, journeys.remarks
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE

    commands: dict[str, Handle] = {
        "start": welcome.on_start,
        "help": welcome.on_help,
        "privacy": welcome.on_privacy,
        "history": history.on_history,
        "report": history.on_report,
        "latest": history.on_latest,
        "settings": settings.on_settings,
        "mydata": mydata.on_mydata,
        "export": mydata.on_export,
        "delete": erasure.on_delete,
        "cancel": photos.on_cancel,
        "stats": journeys.stats.on_stats,
    }
    taps: dict[str, Handle] = {
        r"^consent:(yes|no)$": welcome.on_consent,
        r"^privacy$": welcome.on_privacy,
        r"^guide$": welcome.on_guide,
        r"^anyway:\d{1,9}$": photos.on_use_anyway,
        r"^again:\d{1,9}$": photos.on_try_again,
        r"^history:\d{1,9}$": history.on_page,
        r"^report:\d{1,9}$": history.on_open,
        r"^details:\d{1,9}$": history.on_details,
        r"^redness:\d{1,9}$": history.on_redness,
        r"^picture:\d{1,9}$": history.on_picture,
        r"^unnote:\d{1,9}$": remarks.on_remove_note,
        r"^dispute:\d{1,9}(:[a-z_]{1,40})?$": remarks.on_dispute,
        r"^settings$": settings.on_opened,
        r"^settings:age$": settings.on_skin_age,
        r"^settings:lang:[A-Za-z_-]{2,10}$": settings.on_language,
        r"^settings:quiet$": settings.on_quiet,
        r"^settings:pictures$": settings.on_pictures,
        r"^settings:marks$": settings.on_marks,
        r"^settings:mark:[a-z_]{1,40}$": settings.on_mark,
        r"^mydata$": mydata.on_opened,
        r"^export$": mydata.on_export,
        r"^sheet$": mydata.on_sheet,
        r"^pictures:(ask|yes|no)$": mydata.on_pictures,
        r"^withdraw:(ask|yes|no)$": mydata.on_withdraw,
        r"^keep$": mydata.on_keep,
        r"^delete:(ask|yes|no)$": erasure.on_decision,
        r"": other.on_unknown_tap,
    }
    messages: list[tuple[filters.BaseFilter, Handle]] = [
        (filters.PHOTO, photos.on_photo),
        (filters.Document.ALL, photos.on_file),
        (filters.COMMAND, other.on_unknown_command),
        (filters.TEXT & filters.REPLY, remarks.on_reply),
        (filters.TEXT, other.on_text),
        (~filters.StatusUpdate.ALL, other.on_no_picture),
    ]

    for name, handle in commands.items():
        application.add_handler(CommandHandler(name, handle, private))
    for pattern, handle in taps.items():
        application.add_handler(CallbackQueryHandler(tap(handle), pattern))
    for kind, handle in messages:
        application.add_handler(MessageHandler(private & kind, handle))
    application.add_handler(MessageHandler(filters.ChatType.GROUPS, other.on_group))
    application.add_handler(ChatMemberHandler(other.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(journeys.errors.on_error)
