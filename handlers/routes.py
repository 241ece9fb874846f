"""What the bot hears: one module per journey; every route stands here, journey by journey."""

from dataclasses import dataclass
from typing import Final

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.telegram.application import BotApplication
from handlers.corrections import CorrectionHandlers
from handlers.erasure import ErasureHandlers
from handlers.errors import ErrorHandlers
from handlers.fallbacks import FallbackHandlers
from handlers.listening import ListeningHandlers, says_something
from handlers.operator import OperatorHandlers
from handlers.own_data import OwnDataHandlers
from handlers.photos import PhotoHandlers
from handlers.progress import ProgressHandlers
from handlers.refusal import RefusalHandlers
from handlers.remarks import RemarkHandlers
from handlers.reminders import ReminderHandlers
from handlers.reports import ReportHandlers
from handlers.settings import SettingsHandlers
from handlers.time_zone import TimeZoneHandlers
from handlers.turn import Context, Handle, tap
from handlers.welcome import WelcomeHandlers

_TELEGRAM_ITSELF: Final = 777000
_BEFORE_ALL: Final = -1


@dataclass(frozen=True, kw_only=True)
class Journeys:
    welcome: WelcomeHandlers
    photos: PhotoHandlers
    history: ReportHandlers
    progress: ProgressHandlers
    settings: SettingsHandlers
    mydata: OwnDataHandlers
    remarks: RemarkHandlers
    erasure: ErasureHandlers
    stats: OperatorHandlers
    corrections: CorrectionHandlers
    reminders: ReminderHandlers
    time_zone: TimeZoneHandlers
    listening: ListeningHandlers
    everything_else: FallbackHandlers
    refusal: RefusalHandlers
    errors: ErrorHandlers


def register(application: BotApplication, journeys: Journeys) -> None:
    """Every way into the bot. The first route that fits is taken: who needs help is heard before anything else."""
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    other = journeys.everything_else
    application.add_handler(TypeHandler(Update, journeys.refusal.on_anything), group=_BEFORE_ALL)
    application.add_handler(_Nobody(other.on_nobody))
    application.add_handler(MessageHandler(private & filters.TEXT & says_something, journeys.listening.on_words))
    for name, handle in _commands(journeys).items():
        application.add_handler(CommandHandler(name, handle, private))
    for pattern, handle in _taps(journeys).items():
        application.add_handler(CallbackQueryHandler(tap(handle), pattern))
    for kind, handle in _messages(journeys):
        application.add_handler(MessageHandler(private & kind, handle))
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE
    for kind, handle in _corrections(journeys):
        application.add_handler(MessageHandler(edited & kind, handle))
    application.add_handler(MessageHandler(filters.ChatType.GROUPS, other.on_group))
    application.add_handler(ChatMemberHandler(other.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(journeys.errors.on_error)


class _Nobody(BaseHandler[Update, Context, None]):
    """A private chat with another bot, or Telegram's own notices: nobody who could agree to anything."""

    def check_update(self, update: object) -> bool:
        if not isinstance(update, Update) or update.effective_chat is None or update.effective_user is None:
            return False
        user = update.effective_user
        return update.effective_chat.type == ChatType.PRIVATE and (user.is_bot or user.id == _TELEGRAM_ITSELF)


def _commands(journeys: Journeys) -> dict[str, Handle]:
    welcome = journeys.welcome
    photos = journeys.photos
    history = journeys.history
    progress = journeys.progress
    settings = journeys.settings
    mydata = journeys.mydata
    erasure = journeys.erasure
    reminders = journeys.reminders
    return {
        "start": welcome.on_start,
        "help": welcome.on_help,
        "privacy": welcome.on_privacy,
        "history": history.on_history,
        "report": history.on_report,
        "latest": history.on_latest,
        "progress": progress.on_progress,
        "compare": progress.on_compare,
        "reminders": reminders.on_reminders,
        "settings": settings.on_settings,
        "mydata": mydata.on_mydata,
        "export": mydata.on_export,
        "delete": erasure.on_delete,
        "cancel": photos.on_cancel,
        "stats": journeys.stats.on_stats,
    }


def _taps(journeys: Journeys) -> dict[str, Handle]:
    """By what a button carries; what no journey knows any more is last."""
    return {
        **_taps_on_the_way_in(journeys),
        **_taps_under_reports(journeys),
        **_taps_about_oneself(journeys),
        **_taps_about_reminders(journeys),
        r"": journeys.everything_else.on_unknown_tap,
    }


def _taps_on_the_way_in(journeys: Journeys) -> dict[str, Handle]:
    welcome = journeys.welcome
    photos = journeys.photos
    return {
        r"^consent:(yes|here):\d{1,4}$": welcome.on_agree,
        r"^consent:(yes|ask)$": welcome.on_question,  # yes: to a question of an earlier version
        r"^consent:no$": welcome.on_decline,
        r"^privacy$": welcome.on_privacy,
        r"^guide$": welcome.on_guide,
        r"^anyway:-?\d{1,9}$": photos.on_use_anyway,  # below zero while it is no report yet
        r"^again:-?\d{1,9}$": photos.on_try_again,
    }


def _taps_under_reports(journeys: Journeys) -> dict[str, Handle]:
    history = journeys.history
    progress = journeys.progress
    remarks = journeys.remarks
    return {
        r"^history:\d{1,9}$": history.on_page,
        r"^report:\d{1,9}$": history.on_open,
        r"^details:\d{1,9}$": history.on_details,
        r"^redness:\d{1,9}$": history.on_redness,
        r"^picture:\d{1,9}$": history.on_picture,
        r"^unnote:\d{1,9}$": remarks.on_remove_note,
        r"^dispute:\d{1,9}(:[a-z_]{1,40})?$": remarks.on_dispute,
        r"^progress$": progress.on_progress,
        r"^progress:[a-z_]{1,30}:[a-z0-9]{1,5}$": progress.on_measure,
        r"^compare$": progress.on_compare,
        r"^compare:\d{1,9}:\d{1,9}$": progress.on_pair,
        r"^pick:(before|after):\d{1,9}:\d{1,9}:\d{1,6}$": progress.on_pick,
        r"^repeat:\d{1,9}$": progress.on_repeat,
    }


def _taps_about_oneself(journeys: Journeys) -> dict[str, Handle]:
    settings = journeys.settings
    mydata = journeys.mydata
    return {
        r"^settings$": settings.on_opened,
        r"^settings:age$": settings.on_skin_age,
        r"^settings:lang:[A-Za-z_-]{2,10}$": settings.on_language,
        r"^settings:quiet$": settings.on_quiet,
        r"^settings:pictures$": settings.on_pictures,
        r"^settings:share$": settings.on_sharing,
        r"^settings:share:(yes|no)$": settings.on_share,
        r"^settings:marks$": settings.on_marks,
        r"^settings:mark:[a-z_]{1,40}$": settings.on_mark,
        r"^mydata$": mydata.on_opened,
        r"^export$": mydata.on_export,
        r"^sheet$": mydata.on_sheet,
        r"^pictures:(ask|yes|no)$": mydata.on_pictures,
        r"^withdraw:(ask|yes|erase|keep|no)$": mydata.on_withdraw,
        r"^keep$": mydata.on_keep,
        r"^delete:(ask|yes|no)$": journeys.erasure.on_decision,
    }


def _taps_about_reminders(journeys: Journeys) -> dict[str, Handle]:
    reminders = journeys.reminders
    zones = journeys.time_zone
    return {
        r"^remind$": reminders.on_overview,
        r"^remind:day$": reminders.on_choose_day,
        r"^remind:day:[0-6]$": reminders.on_day,
        r"^remind:night:[0-6]$": reminders.on_night,
        r"^remind:hour:[0-6]:\d{1,2}$": reminders.on_hour,
        r"^remind:time:[0-6]:\d{1,4}$": reminders.on_time,
        r"^remind:on$": reminders.on_go_on,
        r"^remind:stop$": reminders.on_stop,
        r"^remind:no$": reminders.on_decline,
        r"^remind:scan$": reminders.on_scan,
        r"^remind:tomorrow$": reminders.on_tomorrow,
        r"^remind:skip$": reminders.on_skip,
        r"^zone$": zones.on_zone,
        r"^zone:clock$": zones.on_clock,
        r"^zone:offset:-?\d{1,4}$": zones.on_offset,
        r"^zone:set:[\w/+-]{1,50}$": zones.on_choose,
    }


def _messages(journeys: Journeys) -> list[tuple[filters.BaseFilter, Handle]]:
    photos = journeys.photos
    remarks = journeys.remarks
    zones = journeys.time_zone
    other = journeys.everything_else
    return [
        (filters.PHOTO, photos.on_photo),
        (filters.Document.ALL, photos.on_file),
        (filters.COMMAND, other.on_unknown_command),
        (filters.TEXT & filters.REPLY, remarks.on_reply),
        (filters.TEXT, zones.on_text),
        (filters.LOCATION, zones.on_location),
        (filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE, other.on_voice),
        (~filters.StatusUpdate.ALL, other.on_no_picture),
    ]


def _corrections(journeys: Journeys) -> list[tuple[filters.BaseFilter, Handle]]:
    """Words that are changed are words; a place that moves on (a live location) is no correction."""
    corrections = journeys.corrections
    return [
        (filters.TEXT & says_something, journeys.listening.on_words),
        (filters.COMMAND, corrections.on_command),
        (filters.TEXT & filters.REPLY, journeys.remarks.on_reply),
        (filters.TEXT, journeys.time_zone.on_text),
        (filters.PHOTO | filters.Document.ALL, corrections.on_picture),
        (filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE, journeys.everything_else.on_voice),
        (~(filters.StatusUpdate.ALL | filters.LOCATION), journeys.everything_else.on_no_picture),
    ]
