"""Which columns hold what is sealed, by table."""

from typing import Final

from bot.storage.tables import (
    consent_proof,
    experiment,
    experiment_photo,
    feeling,
    inbox,
    person,
    product,
    report,
)
from bot.storage.tables_of_access import broadcast

SEALED: Final = {
    person: ("telegram_id", "choices", "not_theirs"),
    report: (
        "lookups",
        "photos",
        "answer",
        "red_map",
        "facts",
        "summary",
        "annotated_file_id",
        "redness_file_id",
        "note",
        "disputed",
        "remarks",
    ),
    inbox: ("sealed",),
    consent_proof: ("salt",),
    feeling: ("content",),
    product: ("content",),
    experiment: ("draft", "agreed", "course", "answer"),
    experiment_photo: ("finding",),
    broadcast: ("words",),
}
