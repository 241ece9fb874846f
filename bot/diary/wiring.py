"""What a person tells from week to week, wired."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.diary.feelings import Feelings
from bot.diary.products import Products
from bot.storage import Store


@dataclass(frozen=True, kw_only=True)
class DiaryParts:
    feelings: Feelings
    products: Products


def wire_diary(*, store: Store, now: Clock) -> DiaryParts:
    return DiaryParts(
        feelings=Feelings(rows=store.feelings, reports=store.reports, reminders=store.reminders, now=now),
        products=Products(rows=store.products, people=store.people, reports=store.reports, now=now),
    )
