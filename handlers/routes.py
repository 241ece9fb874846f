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
from bot.views import taps
from handlers import fallbacks
from handlers.admission import AdmissionHandlers
from handlers.corrections import CorrectionHandlers
from handlers.diary import DiaryHandlers
from handlers.experiments import ExperimentHandlers
from handlers.fallbacks import FallbackHandlers
from handlers.listening import ListeningHandlers, says_something
from handlers.operator import OperatorHandlers
from handlers.own_data import OwnDataHandlers
from handlers.photos import PhotoHandlers
from handlers.products import ProductHandlers
from handlers.progress import ProgressHandlers
from handlers.reminders import ReminderHandlers
from handlers.reports import ReportHandlers
from handlers.settings import SettingsHandlers
from handlers.time_zone import TimeZoneHandlers
from handlers.turn import Context, Handle, OnMessage, OnTurn, TapRoute, Turns, complete, on
from handlers.welcome import WelcomeHandlers

_TELEGRAM_ITSELF: Final = 777000
_BEFORE_ALL: Final = -1
_OF_THE_CHAT: Final = (taps.zone, taps.zone_place, taps.remind_scan)  # not of a page


@dataclass(frozen=True, kw_only=True)
class Journeys:
    """What is heard, and by whom: `turns` meets the person, the others answer."""

    turns: Turns
    welcome: WelcomeHandlers
    photos: PhotoHandlers
    reports: ReportHandlers
    progress: ProgressHandlers
    diary: DiaryHandlers
    products: ProductHandlers
    settings: SettingsHandlers
    own_data: OwnDataHandlers
    operator: OperatorHandlers
    corrections: CorrectionHandlers
    reminders: ReminderHandlers
    experiments: ExperimentHandlers
    time_zone: TimeZoneHandlers
    listening: ListeningHandlers
    fallbacks: FallbackHandlers
    admission: AdmissionHandlers


def register(application: BotApplication, journeys: Journeys) -> None:
    """Every way into the bot. The first route that fits is taken: who needs help is heard before anything else."""
    turns, other = journeys.turns, journeys.fallbacks
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE
    words = turns.at_message(journeys.operator.words_first(journeys.listening.on_words))
    application.add_handler(TypeHandler(Update, journeys.admission.on_anything), group=_BEFORE_ALL)
    application.add_handler(_Nobody(fallbacks.on_nobody))
    commands = _commands(journeys)
    alone = filters.Text([f"/{name}" for name in commands])
    application.add_handler(MessageHandler(private & filters.TEXT & ~alone & says_something, words))
    for name, on_command in commands.items():
        application.add_handler(CommandHandler(name, turns.at_command(on_command), private))
    application.add_handler(CallbackQueryHandler(_on_tap(journeys)))
    for kind, on_message in _messages(journeys):
        application.add_handler(MessageHandler(private & kind, turns.at_message(on_message)))
    for kind, on_message in _corrections(journeys):
        application.add_handler(MessageHandler(edited & kind, turns.at_message(on_message)))
    application.add_handler(MessageHandler(filters.ChatType.GROUPS, other.on_group))
    application.add_handler(ChatMemberHandler(other.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(other.on_error)


class _Nobody(BaseHandler[Update, Context, None]):
    """A private chat with another bot, or Telegram's own notices: nobody who could agree to anything."""

    def check_update(self, update: object) -> bool:
        if not isinstance(update, Update) or update.effective_chat is None or update.effective_user is None:
            return False
        user = update.effective_user
        return update.effective_chat.type == ChatType.PRIVATE and (user.is_bot or user.id == _TELEGRAM_ITSELF)


def _commands(journeys: Journeys) -> dict[str, OnTurn]:
    welcome, reports, progress, own_data = journeys.welcome, journeys.reports, journeys.progress, journeys.own_data
    return {
        "start": welcome.on_start,
        "help": welcome.on_help,
        "privacy": welcome.on_privacy,
        "history": reports.on_history,
        "report": reports.on_report,
        "latest": reports.on_latest,
        "progress": progress.on_progress,
        "compare": progress.on_compare,
        "reminders": journeys.reminders.on_reminders,
        "experiment": journeys.experiments.on_experiment,
        "settings": journeys.settings.on_settings,
        "mydata": own_data.on_mydata,
        "export": own_data.on_export,
        "delete": own_data.on_delete,
        "cancel": journeys.operator.cancel_first(journeys.photos.on_cancel),
        "stats": journeys.operator.on_admin,
        "admin": journeys.operator.on_admin,
    }


def _on_tap(journeys: Journeys) -> Handle:
    """By what a button carries; what no journey knows any more is last."""
    routes = (
        *_taps_on_the_way_in(journeys),
        *_taps_under_reports(journeys),
        *_taps_of_the_diary(journeys),
        *_taps_in_settings(journeys),
        *_taps_about_own_data(journeys),
        *_taps_about_reminders(journeys),
        *_taps_of_admins(journeys),
        *_taps_about_experiments(journeys),
    )
    return journeys.turns.at_tap(complete(routes), otherwise=fallbacks.on_unknown_tap)


def taps_on_a_page(journeys: Journeys) -> list[TapRoute]:
    """What can be tapped in the Mini App as well: all that is answered in words, or whose file comes in the chat."""
    welcome, reports, zones = journeys.welcome, journeys.reports, journeys.time_zone
    experiments = journeys.experiments  # planned in the chat, where a text says what is tried
    there = (
        on(taps.zone, zones.on_clock),  # a city's name, or a place, is sent in the chat
        on(taps.consent_yes, welcome.on_agree),
        on(taps.consent_here, welcome.on_agree_here),
        on(taps.consent_ask, welcome.on_question),
        on(taps.consent_no, welcome.on_decline),
        on(taps.privacy, welcome.on_privacy),
        on(taps.dispute, reports.on_dispute),
        on(taps.dispute_finding, reports.on_dispute_finding),
        on(taps.tell_again, reports.on_tell_again),
        on(taps.somebody_else, reports.on_somebody_else),
        on(taps.question_answer, reports.on_answer),
        on(taps.question_again, reports.on_question),
        on(taps.try_step, reports.on_try),
        on(taps.unnote, reports.on_remove_note),
        on(taps.experiment, experiments.on_experiment),
        on(taps.experiment_menu, experiments.on_menu),
        on(taps.experiment_answer, experiments.on_answer),
        on(taps.experiment_ask, experiments.on_ask),
        on(taps.experiment_do, experiments.on_do),
        on(taps.experiment_burns, experiments.on_burns),
    )
    asked = (
        *_taps_in_settings(journeys),
        *_taps_about_own_data(journeys),
        *(route for route in _taps_about_reminders(journeys) if route.tap not in _OF_THE_CHAT),
    )
    return [*there, *asked]


def _taps_on_the_way_in(journeys: Journeys) -> list[TapRoute]:
    welcome, photos, own_data = journeys.welcome, journeys.photos, journeys.own_data
    return [
        on(taps.consent_yes, welcome.on_agree),
        on(taps.consent_here, welcome.on_agree_here),
        on(taps.consent_unversioned, welcome.on_question),
        on(taps.consent_ask, welcome.on_question),
        on(taps.consent_no, welcome.on_decline),
        on(taps.adult_yes, welcome.on_adult),
        on(taps.adult_no, own_data.on_not_adult),
        on(taps.privacy, welcome.on_privacy),
        on(taps.guide, welcome.on_guide),
        on(taps.anyway, photos.on_use_anyway),
        on(taps.again, photos.on_try_again),
        on(taps.read_here, photos.on_read_here),
    ]


def _taps_under_reports(journeys: Journeys) -> list[TapRoute]:
    reports, progress = journeys.reports, journeys.progress
    return [
        on(taps.history, reports.on_page),
        on(taps.report, reports.on_open),
        on(taps.details, reports.on_details),
        on(taps.redness, reports.on_redness),
        on(taps.picture, reports.on_picture),
        on(taps.card, reports.on_card),
        on(taps.unnote, reports.on_remove_note),
        on(taps.dispute, reports.on_dispute),
        on(taps.dispute_finding, reports.on_dispute_finding),
        on(taps.tell_again, reports.on_tell_again),
        on(taps.somebody_else, reports.on_somebody_else),
        on(taps.question_answer, reports.on_answer),
        on(taps.question_again, reports.on_question),
        on(taps.try_step, reports.on_try),
        on(taps.tried, reports.on_tried),
        on(taps.progress, progress.on_progress),
        on(taps.progress_measure, progress.on_measure),
        on(taps.compare, progress.on_compare),
        on(taps.compare_pair, progress.on_pair),
        on(taps.pick, progress.on_pick),
        on(taps.repeat, progress.on_repeat),
    ]


def _taps_of_the_diary(journeys: Journeys) -> list[TapRoute]:
    diary, products = journeys.diary, journeys.products
    return [
        on(taps.feel, diary.on_feel),
        on(taps.feel_again, diary.on_again),
        on(taps.feel_how, diary.on_feeling),
        on(taps.felt, diary.on_level),
        on(taps.felt_none, diary.on_none),
        on(taps.feel_eyes, diary.on_eyes),
        on(taps.feel_off, diary.on_off),
        on(taps.feel_forget, diary.on_forget),
        on(taps.feel_forget_yes, diary.on_forget_yes),
        on(taps.remind_feel, diary.on_toggle),
        on(taps.remind_eyes, diary.on_toggle_eyes),
        on(taps.products, products.on_list),
        on(taps.product_new, products.on_new),
        on(taps.product_use, products.on_use),
        on(taps.product_stop, products.on_stop),
        on(taps.product_remove, products.on_remove),
    ]


def _taps_in_settings(journeys: Journeys) -> list[TapRoute]:
    settings = journeys.settings
    return [
        on(taps.settings, settings.on_opened),
        on(taps.settings_age, settings.on_skin_age),
        on(taps.settings_language, settings.on_language),
        on(taps.settings_quiet, settings.on_quiet),
        on(taps.settings_feel, settings.on_feelings),
        on(taps.settings_pictures, settings.on_pictures),
        on(taps.settings_sharing, settings.on_sharing),
        on(taps.settings_share_yes, settings.on_share),
        on(taps.settings_share_no, settings.on_share_no_more),
        on(taps.pictures, settings.on_picture_choices),
        on(taps.settings_veil, settings.on_veil),
        on(taps.settings_guard, settings.on_guard),
        on(taps.settings_marks, settings.on_marks),
        on(taps.settings_mark, settings.on_mark),
    ]


def _taps_about_own_data(journeys: Journeys) -> list[TapRoute]:
    own_data = journeys.own_data
    return [
        on(taps.mydata, own_data.on_opened),
        on(taps.export, own_data.on_export),
        on(taps.move, own_data.on_move),
        on(taps.sheet, own_data.on_sheet),
        on(taps.sheet_parts, own_data.on_sheet_parts),
        on(taps.sheet_make, own_data.on_sheet_make),
        on(taps.pictures_ask, own_data.on_pictures),
        on(taps.pictures_yes, own_data.on_pictures_yes),
        on(taps.pictures_no, own_data.on_opened),
        on(taps.withdraw_ask, own_data.on_withdraw),
        on(taps.withdraw_unsaid, own_data.on_withdraw),
        on(taps.withdraw_erase, own_data.on_withdraw_erase),
        on(taps.withdraw_keep, own_data.on_withdraw_keep),
        on(taps.withdraw_no, own_data.on_opened),
        on(taps.keep, own_data.on_keep),
        on(taps.delete_ask, own_data.on_delete_asked),
        on(taps.delete_yes, own_data.on_delete_yes),
        on(taps.delete_no, own_data.on_delete_no),
    ]


def _taps_about_reminders(journeys: Journeys) -> list[TapRoute]:
    reminders, zones = journeys.reminders, journeys.time_zone
    return [
        on(taps.remind, reminders.on_overview),
        on(taps.remind_days, reminders.on_choose_day),
        on(taps.remind_day, reminders.on_day),
        on(taps.remind_night, reminders.on_night),
        on(taps.remind_hour, reminders.on_hour),
        on(taps.remind_time, reminders.on_time),
        on(taps.remind_on, reminders.on_go_on),
        on(taps.remind_stop, reminders.on_stop),
        on(taps.remind_no, reminders.on_decline),
        on(taps.remind_scan, reminders.on_scan),
        on(taps.remind_tomorrow, reminders.on_tomorrow),
        on(taps.remind_skip, reminders.on_skip),
        on(taps.zone, zones.on_zone),
        on(taps.zone_clock, zones.on_clock),
        on(taps.zone_place, zones.on_place),
        on(taps.zone_offset, zones.on_offset),
        on(taps.zone_set, zones.on_choose),
    ]


def _taps_about_experiments(journeys: Journeys) -> list[TapRoute]:
    experiments = journeys.experiments
    return [
        on(taps.experiment, experiments.on_experiment),
        on(taps.experiment_burns, experiments.on_burns),
        on(taps.experiment_answer, experiments.on_answer),
        on(taps.experiment_menu, experiments.on_menu),
        on(taps.experiment_new, experiments.on_new),
        on(taps.experiment_note, experiments.on_note),
        on(taps.experiment_edit, experiments.on_edit),
        on(taps.experiment_judged, experiments.on_judged),
        on(taps.experiment_design, experiments.on_design),
        on(taps.experiment_length, experiments.on_length),
        on(taps.experiment_side, experiments.on_side),
        on(taps.experiment_begin, experiments.on_begin),
        on(taps.experiment_discard, experiments.on_discard),
        on(taps.experiment_ask, experiments.on_ask),
        on(taps.experiment_do, experiments.on_do),
    ]


def _taps_of_admins(journeys: Journeys) -> list[TapRoute]:
    operator = journeys.operator
    return [
        on(taps.admin, operator.on_opened),
        on(taps.admin_pause, operator.on_pause),
        on(taps.admin_resume, operator.on_resume),
        on(taps.admin_invite, operator.on_invite),
        on(taps.admin_invitations, operator.on_invitations),
        on(taps.admin_revoke, operator.on_revoke),
        on(taps.admin_notice, operator.on_notice),
        on(taps.admin_notice_anew, operator.on_notice_anew),
        on(taps.admin_notice_drop, operator.on_notice_drop),
        on(taps.admin_notice_send, operator.on_notice_send),
        on(taps.admin_notice_look, operator.on_notice_look),
        on(taps.admin_notice_stop, operator.on_notice_stop),
    ]


def _messages(journeys: Journeys) -> list[tuple[filters.BaseFilter, OnMessage]]:
    photos, zones, first = journeys.photos, journeys.time_zone, journeys.operator.words_first
    return [
        (filters.PHOTO, photos.on_photo),
        (filters.Document.ALL, photos.on_file),
        (filters.COMMAND, fallbacks.on_unknown_command),
        (filters.TEXT & filters.REPLY, first(journeys.products.on_reply)),
        (filters.TEXT, first(journeys.products.on_text)),
        (filters.LOCATION, zones.on_location),
        (filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE, fallbacks.on_voice),
        (~filters.StatusUpdate.ALL, fallbacks.on_no_picture),
    ]


def _corrections(journeys: Journeys) -> list[tuple[filters.BaseFilter, OnMessage]]:
    """Words that are changed are words; a place that moves on (a live location) is no correction."""
    corrections = journeys.corrections
    return [
        (filters.TEXT & says_something, journeys.listening.on_words),
        (filters.COMMAND, corrections.on_command),
        (filters.TEXT & filters.REPLY, journeys.reports.on_reply),
        (filters.TEXT, journeys.time_zone.on_text),
        (filters.PHOTO | filters.Document.ALL, corrections.on_picture),
        (filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE, fallbacks.on_voice),
        (~(filters.StatusUpdate.ALL | filters.LOCATION), fallbacks.on_no_picture),
    ]
